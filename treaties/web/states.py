"""States and bodies, and what each is party to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from registry.calendars import days_off, working_days_of
from registry.models import Dossier, State
from registry.search_text import fold
from treaties.models import Declaration
from treaties.register import authorities_for, instruments_of_state
from treaties.web.days import day_asked

MATTERS_SHOWN = 20


def states(request: HttpRequest) -> HttpResponse:
    """All States and bodies, narrowed by a word as it is typed. One query."""
    context = {
        "shown": states_shown(request.GET),
        "q": request.GET.get("q", ""),
        "kinds": State.Kind,
        "kind": request.GET.get("kind", ""),
    }
    htmx = request.htmx  # type: ignore[attr-defined]
    return render(request, "treaties/state_rows.html" if htmx else "treaties/states.html", context)


def states_shown(query: QueryDict) -> list[tuple[str, State]]:
    """The States that the page's address asks for, each with its name, in its order."""
    word = fold(query.get("q", "")[:100])
    kind = query.get("kind", "")
    known = State.objects.filter(kind=kind) if kind in State.Kind.values else State.objects.all()
    named = [(str(state), state) for state in known]
    return [
        (name, state)
        for name, state in sorted(named, key=lambda pair: fold(pair[0]))
        if not word or word in _words_of(name, state)
    ]


def _words_of(name: str, state: State) -> str:
    return fold(" ".join([name, state.name, state.formal_name, state.code, *state.variants]))


def state(request: HttpRequest, code: str) -> HttpResponse:
    """One State: its instruments on a day, its declarations and authorities."""
    if "\x00" in code:
        raise Http404
    found = State.objects.filter(code=code.upper()).first()
    if found is None:
        raise Http404
    on, problem = day_asked(request)
    days = working_days_of(found)
    open_matters = (
        Dossier.objects.visible_to(request.user)
        .filter(counterpart=found, is_open=True)
        .order_by("-updated_at")
        if request.user.is_authenticated
        else Dossier.objects.none()
    )
    declarations = Declaration.objects.filter(state=found, affects_cooperation=True)
    context = {
        "state": found,
        "on": on,
        "problem": problem,
        "parties": instruments_of_state(found.code, on),
        "authorities": authorities_for(found.code),
        "declarations": declarations.select_related("instrument"),
        "days": days,
        "holidays": [(y, days_off(days, y)) for y in (on.year, on.year + 1)],
        "matters": open_matters[:MATTERS_SHOWN],
    }
    return render(request, "treaties/state.html", context)
