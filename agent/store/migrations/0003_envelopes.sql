-- What is kept of a call that could not be redacted: that it came, when, from where, and a digest of what it
-- was, so that the same call is known again. Nothing that was said.

CREATE TABLE envelopes (
    workspace_id TEXT NOT NULL,
    call_id      TEXT NOT NULL,
    source       TEXT NOT NULL,
    received_at  TEXT NOT NULL,
    digest       TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state = 'failed'),
    PRIMARY KEY (workspace_id, call_id)
) STRICT;
