"""DialNexa Billing Agent: from a finished call to a safe, evidenced billing follow-up."""

__version__ = "0.1.0"
