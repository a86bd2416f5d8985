-- Sweeps: newer redaction rules over what is stored. Counts are kept, never a value.

CREATE TABLE sweeps (
    sweep_id      INTEGER PRIMARY KEY,
    rules_version INTEGER NOT NULL,
    started_at    TEXT NOT NULL,
    finished_at   TEXT,
    calls         INTEGER NOT NULL DEFAULT 0,
    failed        INTEGER NOT NULL DEFAULT 0,
    rewritten     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE swept (
    sweep_id   INTEGER NOT NULL REFERENCES sweeps (sweep_id),
    in_table   TEXT NOT NULL,
    in_column  TEXT NOT NULL,
    entity     TEXT NOT NULL,
    stretches  INTEGER NOT NULL,
    PRIMARY KEY (sweep_id, in_table, in_column, entity)
) STRICT;

-- A run whose steps are being masked is named here for the time of that one transaction: only then may the
-- words of its steps change, and nothing else of them ever.
CREATE TABLE sweeping (
    run_id TEXT PRIMARY KEY
) STRICT;

DROP TRIGGER steps_are_not_changed;

CREATE TRIGGER steps_are_not_changed BEFORE UPDATE ON steps
WHEN NOT EXISTS (SELECT 1 FROM sweeping WHERE sweeping.run_id = OLD.run_id)
    OR OLD.run_id <> NEW.run_id OR OLD.seq <> NEW.seq OR OLD.attempt <> NEW.attempt OR OLD.kind <> NEW.kind
    OR OLD.at <> NEW.at
BEGIN
    SELECT RAISE(ABORT, 'steps are append-only');
END;

CREATE INDEX cases_by_call ON cases (workspace_id, call_id);
