-- What is kept about calls: redacted material only. Times are UTC ISO texts of one fixed width, so they compare as text.

CREATE TABLE calls (
    workspace_id TEXT NOT NULL,
    call_id      TEXT NOT NULL,
    body         TEXT NOT NULL,
    stored_at    TEXT NOT NULL,
    PRIMARY KEY (workspace_id, call_id)
) STRICT;

CREATE TABLE runs (
    run_id       TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    call_id      TEXT NOT NULL,
    model        TEXT NOT NULL,
    world        TEXT,
    attempt      INTEGER NOT NULL DEFAULT 1,
    started_at   TEXT NOT NULL,
    finished_at  TEXT,
    outcome      TEXT,
    scenario     TEXT,
    line         TEXT,
    UNIQUE (workspace_id, call_id)
) STRICT;

CREATE INDEX runs_by_start ON runs (started_at DESC);
CREATE INDEX runs_by_call ON runs (call_id);

CREATE TABLE steps (
    run_id  TEXT NOT NULL REFERENCES runs (run_id),
    seq     INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    title   TEXT NOT NULL,
    at      TEXT NOT NULL,
    data    TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
) STRICT;

-- A run being erased is named here first, in the same transaction: only then may its steps go.
CREATE TABLE erasures (
    run_id       TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    call_id      TEXT NOT NULL,
    erased_at    TEXT NOT NULL,
    PRIMARY KEY (run_id, erased_at)
) STRICT;

CREATE TRIGGER steps_are_not_changed BEFORE UPDATE ON steps
BEGIN
    SELECT RAISE(ABORT, 'steps are append-only');
END;

CREATE TRIGGER steps_are_not_deleted BEFORE DELETE ON steps
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.run_id = OLD.run_id)
BEGIN
    SELECT RAISE(ABORT, 'steps are append-only');
END;

CREATE TABLE ledger (
    key         TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    call_id     TEXT NOT NULL,
    run_id      TEXT NOT NULL,
    run_attempt INTEGER NOT NULL,
    tool        TEXT NOT NULL,
    target      TEXT NOT NULL,
    arguments   TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    attempt     INTEGER NOT NULL,
    lock_system TEXT NOT NULL,
    lock_class  TEXT NOT NULL,
    lock_object TEXT NOT NULL,
    effect      TEXT NOT NULL,
    customer    TEXT,
    minor       INTEGER,
    currency    TEXT,
    automatic   INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('planned', 'sent', 'confirmed', 'rejected', 'unknown')),
    vendor_id   TEXT,
    url         TEXT,
    created_at  TEXT NOT NULL,
    updated_at  TEXT NOT NULL,
    UNIQUE (workspace_id, call_id, tool, target, attempt)
) STRICT;

CREATE INDEX ledger_by_lock ON ledger (workspace_id, lock_system, lock_class, lock_object);
CREATE INDEX ledger_by_customer ON ledger (workspace_id, customer, created_at);
CREATE INDEX ledger_by_day ON ledger (workspace_id, effect, created_at);

CREATE TABLE cases (
    case_id      TEXT PRIMARY KEY,
    run_id       TEXT NOT NULL,
    call_id      TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'expired')),
    body         TEXT NOT NULL,
    opened_at    TEXT NOT NULL,
    expires_at   TEXT NOT NULL
) STRICT;

CREATE INDEX cases_by_state ON cases (state, opened_at);

-- What the open proposals of a case hold across calls: (system, operation class, object).
CREATE TABLE case_locks (
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    system  TEXT NOT NULL,
    class   TEXT NOT NULL,
    object  TEXT NOT NULL,
    PRIMARY KEY (case_id, system, class, object)
) STRICT;

CREATE INDEX case_locks_by_object ON case_locks (system, class, object);

CREATE TABLE decisions (
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    seq     INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
) STRICT;

-- An empty workspace_id means every workspace, an empty tool every operation; tool may name a whole system.
CREATE TABLE pauses (
    workspace_id TEXT NOT NULL,
    tool         TEXT NOT NULL,
    by           TEXT NOT NULL,
    reason       TEXT,
    at           TEXT NOT NULL,
    PRIMARY KEY (workspace_id, tool)
) STRICT;
