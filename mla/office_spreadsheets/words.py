"""Words that offices write in their cells, in the languages in which they write them."""

from __future__ import annotations

import re

from cases.models import Person
from mla.models import ReceivedStatus, Status
from registry.search_text import fold

STATUS_WORDS: dict[Status, str] = {
    Status.DRAFT: "draft; in preparation; brouillon; projet; borrador; concept; osnutek; entwurf; проект; черновик; مسودة; 草稿",
    Status.SENT: "sent; pending; open; ongoing; in progress; envoye; envoyee; transmis; en cours; enviado; pendiente; en tramite; verzonden; lopend; poslano; gesendet; отправлено; в работе; направлено; مرسل; مرسلة; أرسل; معلق; قيد التنفيذ; 已发送; 进行中; 待处理; илгээсэн",
    Status.ACKNOWLEDGED: "acknowledged; received by them; accuse de reception; recu; acusado; bevestigd; подтверждено; получено; مستلم; تم الإقرار; 已确认; 已收到",
    Status.PARTLY_EXECUTED: "partly executed; partially executed; partial; partiellement execute; execution partielle; parcialmente ejecutado; deels uitgevoerd; частично исполнено; منفذ جزئيا; تنفيذ جزئي; 部分执行",
    Status.EXECUTED: "executed; done; complete; completed; answered; fulfilled; execute; executee; repondu; termine; ejecutado; cumplido; respondido; uitgevoerd; beantwoord; izvrseno; erledigt; исполнено; выполнено; منفذ; منفذة; تم التنفيذ; مكتمل; 已执行; 已完成; 已答复",
    Status.REFUSED: "refused; rejected; declined; denied; refuse; refusee; rejete; denegado; rechazado; geweigerd; zavrnjeno; abgelehnt; отказано; отклонено; مرفوض; مرفوضة; رفض; 拒绝; 被拒绝",
    Status.WITHDRAWN: "withdrawn; cancelled; retire; retiree; annule; retirado; ingetrokken; umaknjeno; zuruckgezogen; отозвано; مسحوب; سحب; 已撤回",
    Status.CLOSED: "closed; archived; ended; cloture; clos; classe; cerrado; archivado; afgesloten; gesloten; zakljuceno; geschlossen; закрыто; архив; مغلق; مغلقة; أغلق; 已结案; 已关闭; хаагдсан",
}  # fmt: skip
RECEIVED_STATUS_WORDS: dict[ReceivedStatus, str] = {
    ReceivedStatus.REGISTERED: "registered; new; enregistre; enregistree; registrado; geregistreerd; зарегистрировано; مسجل; مسجلة; 已登记",
    ReceivedStatus.IN_TRIAGE: "in triage; under review; being examined; en examen; a l examen; en estudio; in behandeling; на рассмотрении; قيد الدراسة; 审查中",
    ReceivedStatus.ACCEPTED: "accepted; acceptee; accepte; aceptado; aanvaard; принято; مقبول; 已接受",
    ReceivedStatus.IN_EXECUTION: "in execution; being executed; ongoing; in progress; en cours; en cours d execution; en tramite; en ejecucion; lopend; в работе; исполняется; قيد التنفيذ; 执行中; 进行中",
    ReceivedStatus.RETURNED: "returned; returned as deficient; retourne; retournee; devuelto; teruggestuurd; возвращено; معاد; 已退回",
    ReceivedStatus.REFERRED: "referred; forwarded; transferred; transmise a une autre autorite; remitido; doorgestuurd; передано; محال; 已转交",
}  # fmt: skip
"""What is said of requests received alone; the other words are those of requests sent."""
SENT_WORDS = "sent; outgoing; out; envoye; sortant; active; enviado; activa; uitgaand; poslano; исходящий; отправлено; صادر; مرسل; 发出"  # fmt: skip
RECEIVED_WORDS = "received; incoming; in; recu; entrant; passive; recibido; pasiva; inkomend; prejeto; входящий; получено; وارد; مستلم; 收到"  # fmt: skip
YES_WORDS = "yes; y; true; 1; x; oui; o; si; s; ja; j; da; да; نعم; 是; тийм; urgent; urgente; sealed; secret; confidential; confidentiel; срочно; секретно; عاجل; سري; 紧急; 保密"  # fmt: skip
ROLE_WORDS: dict[Person.Role, str] = {
    Person.Role.SUSPECT: "suspect; suspecte; sospechoso; verdachte; osumljenec; подозреваемый; مشتبه به; 嫌疑人",
    Person.Role.ACCUSED: "accused; defendant; prevenu; accuse; acusado; beklaagde; обвиняемый; متهم; 被告",
    Person.Role.CONVICTED: "convicted person; convicted; condamne; condenado; veroordeelde; осужденный; محكوم عليه; 被判刑人",
    Person.Role.VICTIM: "victim; victime; victima; slachtoffer; zrtev; потерпевший; ضحية; 被害人",
    Person.Role.WITNESS: "witness; temoin; testigo; getuige; prica; свидетель; شاهد; 证人",
    Person.Role.EXPERT: "expert; perito; deskundige; эксперт; خبير; 专家",
    Person.Role.ADDRESSEE: "addressee of documents; addressee; destinataire; destinatario; geadresseerde; адресат; المرسل إليه; 收件人",
    Person.Role.THIRD_PARTY: "third party; tiers; tercero; derde; третье лицо; طرف ثالث; 第三方",
}  # fmt: skip
PARTED = re.compile(r"[;；؛\n|]+")
PARTED_ALSO_BY_COMMAS = re.compile(r"[;；؛,،、\n|]+")


def split(words: str) -> set[str]:
    return {fold(word) for word in words.split(";") if word.strip()}


def parts_of(text: str, *, commas: bool = False) -> list[str]:
    """The things that a cell lists, each once."""
    pattern = PARTED_ALSO_BY_COMMAS if commas else PARTED
    return list(dict.fromkeys(part.strip() for part in pattern.split(text) if part.strip()))


YES, SENT, RECEIVED = split(YES_WORDS), split(SENT_WORDS), split(RECEIVED_WORDS)
ROLES = {word: role for role, words in ROLE_WORDS.items() for word in split(words)}
STATUSES = {word: status for status, words in STATUS_WORDS.items() for word in split(words)}
OF_ONE_RECEIVED: dict[str, ReceivedStatus] = {
    Status.DRAFT: ReceivedStatus.REGISTERED,
    Status.AWAITING_APPROVAL: ReceivedStatus.IN_TRIAGE,
    Status.APPROVED: ReceivedStatus.ACCEPTED,
    Status.SENT: ReceivedStatus.REGISTERED,
    Status.ACKNOWLEDGED: ReceivedStatus.REGISTERED,
    Status.IN_EXECUTION: ReceivedStatus.IN_EXECUTION,
    Status.POSTPONED: ReceivedStatus.POSTPONED,
    Status.PARTLY_EXECUTED: ReceivedStatus.PARTLY_EXECUTED,
    Status.EXECUTED: ReceivedStatus.EXECUTED,
    Status.REFUSED: ReceivedStatus.REFUSED,
    Status.WITHDRAWN: ReceivedStatus.WITHDRAWN,
    Status.CLOSED: ReceivedStatus.CLOSED,
}
"""What a status of a request sent means where the row is of one received: “sent”, “open”, “pending”
tell no more than that it is here."""
RECEIVED_STATUSES: dict[str, str] = {
    **{word: OF_ONE_RECEIVED[status] for word, status in STATUSES.items()},
    **{word: s for s, words in RECEIVED_STATUS_WORDS.items() for word in split(words)},
}
