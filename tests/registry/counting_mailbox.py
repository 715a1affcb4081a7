"""The demonstration mailbox, which also notes every sending and which process sent, whether it kept the message or not."""

import os

from django.conf import settings

from registry.demonstration_mailbox import MailboxBackend


class CountingMailbox(MailboxBackend):
    def send_messages(self, email_messages):
        with settings.SENDINGS.open("a") as log:
            log.writelines(f"{os.getpid()} {m.message()['Message-ID']}\n" for m in email_messages)
        return super().send_messages(email_messages)
