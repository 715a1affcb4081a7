"""Documents leave as downloads, and only to those who may see their dossier."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from registry.documents import open_content
from registry.models import Document, Dossier


@login_required
def document(request: HttpRequest, document: int) -> FileResponse:
    visible = Dossier.objects.visible_to(request.user)
    found = get_object_or_404(Document, pk=document, dossier__in=visible.values("pk"))
    try:
        content = open_content(found)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=found.file_name, content_type=found.media_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
