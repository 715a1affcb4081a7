"""What a column of an office's spreadsheet may hold, and the headings by which it is recognised."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from mla.models import SpreadsheetImport
from registry.refusals import Text
from registry.search_text import fold

REQUESTS, PERSONS, DEADLINES = SpreadsheetImport.Kind.values
LEFT_OUT = ""


@dataclass(frozen=True)
class Field:
    """``headings`` are folded words, the languages of offices beside each other. ``several``: more
    than one column may hold it."""

    code: str
    label: Text
    kinds: tuple[str, ...]
    headings: tuple[str, ...]
    needed: bool = False
    several: bool = False


FIELDS: tuple[Field, ...] = (
    Field("own_reference", _("Our reference"), (REQUESTS, PERSONS, DEADLINES), (
        "our reference", "our ref", "own reference", "reference", "ref", "ref no", "file number", "file no", "case number",
        "case no", "number", "no", "nr", "id", "reference of the request", "request",
        "notre reference", "reference interne", "numero de dossier", "numero", "n", "dossier",
        "nuestra referencia", "referencia", "expediente", "numero de expediente",
        "ons kenmerk", "kenmerk", "dossiernummer", "nossa referencia", "processo",
        "opravilna stevilka", "nasa stevilka", "aktenzeichen", "unser zeichen",
        "номер", "наш номер", "номер дела", "исходящий номер",
        "رقم الملف", "مرجعنا", "الرقم المرجعي", "المرجع", "رقم الطلب", "我方编号", "编号", "案号", "дугаар")),
    Field("foreign_reference", _("Their reference"), (REQUESTS, PERSONS, DEADLINES), (
        "their reference", "their ref", "foreign reference", "foreign ref", "your reference", "external reference",
        "votre reference", "leur reference", "reference etrangere", "su referencia",
        "referencia extranjera", "uw kenmerk", "hun kenmerk", "sua referencia", "vasa stevilka",
        "ihr zeichen", "ваш номер", "иностранный номер", "входящий номер",
        "مرجعهم", "مرجعكم", "المرجع الأجنبي", "رقمهم", "对方编号", "外方编号")),
    Field("state", _("Other State"), (REQUESTS,), (
        "state", "country", "requested state", "requested country", "other state", "foreign state", "counterpart", "to",
        "addressee state", "requesting state", "requesting country", "etat requerant", "pays requerant",
        "estado requirente", "verzoekende staat", "ersuchender staat", "запрашивающее государство", "الدولة الطالبة", "请求国", "etat", "pays", "etat requis", "pays requis", "estado", "pais", "estado requerido",
        "land", "staat", "aangezochte staat", "drzava", "ersuchter staat", "страна", "государство",
        "запрашиваемое государство", "الدولة", "البلد", "الدولة المطلوب منها", "الدولة متلقية الطلب", "国家", "被请求国", "улс"), needed=True),
    Field("direction", _("Sent or received"), (REQUESTS,), (
        "direction", "sent or received", "received or sent", "sent received", "in out", "incoming outgoing", "type of request", "sens", "recu envoye", "sentido",
        "richting", "направление", "الاتجاه", "صادر وارد", "方向")),
    Field("title", _("Subject"), (REQUESTS,), (
        "subject", "title", "description", "matter", "re", "objet", "sujet", "asunto", "titulo", "objeto",
        "onderwerp", "betreff", "assunto", "zadeva", "предмет", "тема", "название", "الموضوع", "العنوان", "事由", "标题", "主题", "сэдэв")),
    Field("status", _("Status"), (REQUESTS,), (
        "status", "state of the request", "stage", "result", "outcome", "statut", "situation", "suite", "estado de tramite",
        "situacion", "resultado", "stand", "stanje", "estado do pedido", "статус", "состояние", "результат", "الحالة",
        "حالة الطلب", "النتيجة", "状态", "结果", "төлөв")),
    Field("sent_on", _("Sent on"), (REQUESTS,), (
        "sent", "sent on", "date sent", "sending date", "dispatched", "date of request", "date", "envoye le",
        "date d envoi", "date de la demande", "enviado", "fecha de envio", "fecha", "verzonden", "datum verzending",
        "datum", "poslano", "gesendet am", "data de envio", "отправлено", "дата отправки", "дата", "تاريخ الإرسال", "تاريخ الارسال",
        "أرسل في", "التاريخ", "发送日期", "发出日期", "日期", "огноо")),
    Field("acknowledged_on", _("Acknowledged on"), (REQUESTS,), (
        "acknowledged", "acknowledged on", "acknowledgement", "date of acknowledgement", "accuse de reception",
        "accuse le", "acuse de recibo", "ontvangstbevestiging", "eingangsbestatigung", "подтверждено",
        "дата подтверждения", "تاريخ الإقرار بالاستلام", "确认日期")),
    Field("answered_on", _("Executed or refused on"), (REQUESTS,), (
        "executed", "executed on", "execution date", "answered", "answered on", "answer", "date of answer", "reply date",
        "execute le", "reponse", "date de reponse", "date d execution", "respondido", "fecha de respuesta",
        "fecha de ejecucion", "beantwoord", "uitgevoerd", "исполнено", "дата исполнения", "дата ответа",
        "تاريخ التنفيذ", "تاريخ الرد", "执行日期", "答复日期")),
    Field("closed_on", _("Closed on"), (REQUESTS,), (
        "closed", "closed on", "date closed", "closing date", "end date", "cloture", "cloture le", "date de cloture", "clos le",
        "cerrado", "fecha de cierre", "afgesloten", "datum afsluiting", "zakljuceno", "geschlossen", "закрыто",
        "дата закрытия", "تاريخ الإغلاق", "أغلق في", "结案日期", "关闭日期")),
    Field("received_on", _("Received on"), (REQUESTS,), (
        "received", "received on", "date received", "date of receipt", "receipt date", "arrived", "arrived on", "recu le",
        "date de reception", "recibido el", "fecha de recepcion", "ontvangen", "datum ontvangst", "recebido em", "prejeto dne",
        "eingegangen am", "дата получения", "поступило", "дата поступления", "تاريخ الاستلام", "تاريخ الورود", "收到日期", "收件日期")),
    Field("wanted_by", _("Answer wanted by"), (REQUESTS,), (
        "answer wanted by", "wanted by", "deadline for answer", "reponse souhaitee", "respuesta antes de",
        "antwoord voor", "срок ответа", "الرد المطلوب قبل", "答复期限")),
    Field("instrument", _("Legal basis"), (REQUESTS,), (
        "legal basis", "basis", "treaty", "convention", "instrument", "base legale", "base juridique", "traite",
        "base legal", "tratado", "convenio", "rechtsgrondslag", "verdrag", "правовая основа", "договор",
        "الأساس القانوني", "المعاهدة", "الاتفاقية", "法律依据", "条约")),
    Field("measures", _("Measures asked for"), (REQUESTS,), (
        "measure", "measures", "assistance", "type of assistance", "mesure", "mesures", "medida", "medidas", "maatregel",
        "мера", "меры", "вид помощи", "التدبير", "التدابير", "نوع المساعدة", "措施", "协助类型")),
    Field("offences", _("Offences"), (REQUESTS,), (
        "offence", "offences", "offense", "crime", "infraction", "infractions", "delito", "delitos", "misdrijf",
        "feit", "преступление", "الجريمة", "الجرائم", "罪名")),
    Field("persons", _("Persons, parted by semicolons"), (REQUESTS,), (
        "person", "persons", "name of person", "suspect", "personne", "personnes", "nom de la personne", "persona",
        "personas", "persoon", "лицо", "лица", "фамилия", "الشخص", "الأشخاص", "اسم الشخص", "人员", "当事人", "姓名")),
    Field("responsible", _("Officer in charge"), (REQUESTS,), (
        "officer", "officer in charge", "responsible", "handled by", "agent", "responsable", "charge de dossier", "gestor",
        "behandelaar", "исполнитель", "الموظف المسؤول", "负责人", "经办人")),
    Field("urgent", _("Urgent"), (REQUESTS,), ("urgent", "urgency", "urgence", "urgente", "spoed", "срочно", "عاجل", "紧急")),
    Field("sealed", _("Sealed"), (REQUESTS,), ("sealed", "secret", "confidential", "confidentiel", "confidencial",
        "vertrouwelijk", "секретно", "سري", "保密")),
    Field("note", _("Keep as a note"), (REQUESTS, PERSONS), (
        "note", "notes", "remarks", "comment", "comments", "remarque", "remarques", "observations", "notas",
        "observaciones", "opmerkingen", "opomba", "примечание", "примечания", "ملاحظات", "备注", "тайлбар"), several=True),
    Field("family_name", _("Family name, or whole name"), (PERSONS,), (
        "family name", "surname", "last name", "name", "full name", "nom", "nom de famille", "apellido", "apellidos",
        "nombre completo", "achternaam", "naam", "priimek", "familienname", "фамилия", "фио", "имя полностью", "اللقب", "الاسم الكامل",
        "الاسم", "اسم العائلة", "姓", "姓名", "овог"), needed=True),
    Field("given_names", _("Given names"), (PERSONS,), (
        "given names", "given name", "first name", "first names", "prenom", "prenoms", "nombre", "nombres", "voornaam",
        "voornamen", "ime", "vorname", "имя", "имена", "الاسم الأول", "الاسم الشخصي", "名", "нэр")),
    Field("original_name", _("Name in original script"), (PERSONS,), (
        "original script", "name in original script", "native name", "ecriture d origine", "nombre original", "имя на родном языке",
        "الاسم بالأصل", "原文姓名")),
    Field("aliases", _("Also known as"), (PERSONS,), ("alias", "aliases", "aka", "also known as", "dit", "псевдоним", "الكنية", "别名")),
    Field("role", _("Role"), (PERSONS,), ("role", "capacity", "qualite", "rol", "calidad", "hoedanigheid", "роль", "статус лица", "الصفة", "身份")),
    Field("birth", _("Date of birth"), (PERSONS,), (
        "date of birth", "birth date", "born", "dob", "date de naissance", "ne le", "fecha de nacimiento",
        "geboortedatum", "datum rojstva", "дата рождения", "تاريخ الميلاد", "تاريخ الولادة", "出生日期")),
    Field("birth_place", _("Place of birth"), (PERSONS,), (
        "place of birth", "birth place", "lieu de naissance", "lugar de nacimiento", "geboorteplaats", "место рождения",
        "مكان الميلاد", "مكان الولادة", "出生地")),
    Field("nationality", _("Nationality"), (PERSONS,), (
        "nationality", "nationalities", "citizenship", "nationalite", "nacionalidad", "nationaliteit", "гражданство", "الجنسية", "国籍")),
    Field("protected_alias", _("Alias of a protected person"), (PERSONS,), (
        "protected alias", "alias in letters", "pseudonym", "pseudonyme protege", "защищенный псевдоним", "الاسم المستعار المحمي", "受保护化名")),
    Field("label", _("What is due"), (DEADLINES,), (
        "what", "deadline", "label", "task", "action", "description", "subject", "echeance", "tache", "objet", "plazo", "asunto", "termijn", "taak",
        "что сделать", "задача", "описание", "الموعد", "المهمة", "الموضوع", "事项", "期限事项"), needed=True),
    Field("due_on", _("Due on"), (DEADLINES,), (
        "due", "due on", "due date", "date", "by", "date limite", "echeance le", "vence", "fecha", "fecha limite", "vervaldatum", "datum",
        "срок", "дата", "تاريخ الاستحقاق", "التاريخ", "截止日期", "日期"), needed=True),
    Field("critical", _("Must not be missed"), (DEADLINES,), ("critical", "critique", "critico", "kritiek", "важно", "حرج", "关键")),
)  # fmt: skip
DAYS = frozenset(
    {"sent_on", "received_on", "acknowledged_on", "answered_on", "closed_on", "wanted_by", "due_on"}
)


def of_kind(kind: str) -> list[Field]:
    """What the columns of such a spreadsheet may hold, in the order in which they are offered."""
    return [field for field in FIELDS if kind in field.kinds]


def label_of(code: str) -> Text:
    return next((field.label for field in FIELDS if field.code == code), code)


def recognised(headings: Sequence[str], kind: str) -> dict[str, str]:
    """Which field each column holds, by its heading; columns by their place, as text.

    A heading that says a field's words and no more comes before one that says more.
    """
    plain = [_words(heading) for heading in headings]
    found: dict[int, str] = {}
    taken: set[str] = set()
    for exact in (True, False):
        for field in of_kind(kind):
            for wanted in map(_words, field.headings):
                for place, heading in enumerate(plain):
                    if place in found or field.code in taken or not heading:
                        continue
                    if heading == wanted if exact else _within(wanted, heading):
                        found[place] = field.code
                        if not field.several:
                            taken.add(field.code)
    return {str(place): code for place, code in sorted(found.items())}


def signature_of(headings: Iterable[str]) -> str:
    """What tells spreadsheets of the same form: the SHA-256 of their headings."""
    return hashlib.sha256("\n".join(map(_words, headings)).encode()).hexdigest()


def places(mapping: Mapping[str, str]) -> dict[str, list[int]]:
    """The columns of each field."""
    found: dict[str, list[int]] = {}
    for place, code in mapping.items():
        if code:
            found.setdefault(code, []).append(int(place))
    return found


def _words(heading: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(heading)).split())


def _within(wanted: str, heading: str) -> bool:
    """Whether these words stand in the heading; single letters and short words prove nothing."""
    if len(wanted) < 4 and wanted.isascii():
        return False
    return f" {wanted} " in f" {heading} " or (not wanted.isascii() and wanted in heading)
