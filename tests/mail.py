"""A mail server's memory."""

from email.message import Message

from aiosmtpd.handlers import Message as MessageHandler


class Sink(MessageHandler):
    """Keeps every mail that arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def handle_message(self, message: Message) -> None:
        """Keep one."""
        self.messages.append(message)


def plain_text_of(mail: Message) -> str:
    """What a mail says as plain text."""
    (plain,) = (part for part in mail.walk() if part.get_content_type() == "text/plain")
    text = plain.get_payload(decode=True)
    assert isinstance(text, bytes)
    return text.decode()
