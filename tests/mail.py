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
