-- name: put_call
INSERT INTO calls (workspace_id, call_id, body, stored_at) VALUES (:workspace_id, :call_id, :body, :now)
ON CONFLICT (workspace_id, call_id) DO UPDATE SET body = excluded.body, stored_at = excluded.stored_at

-- name: get_call
SELECT body FROM calls WHERE workspace_id = :workspace_id AND call_id = :call_id

-- name: add_run
INSERT INTO runs (run_id, workspace_id, call_id, model, world, started_at)
VALUES (:run_id, :workspace_id, :call_id, :model, :world, :now)

-- name: take_over_run
UPDATE runs SET attempt = attempt + 1, model = :model, world = :world, finished_at = NULL, outcome = NULL,
    scenario = NULL, line = NULL
WHERE run_id = :run_id

-- name: run_of_call
SELECT * FROM runs WHERE workspace_id = :workspace_id AND call_id = :call_id

-- name: run_by_id
SELECT * FROM runs WHERE run_id = :id

-- name: runs_by_call_id
SELECT * FROM runs WHERE call_id = :id

-- name: list_runs
SELECT * FROM runs
WHERE (:workspace_id IS NULL OR workspace_id = :workspace_id) AND (:outcome IS NULL OR outcome = :outcome)
ORDER BY started_at DESC, rowid DESC LIMIT :limit

-- name: run_attempt
SELECT attempt FROM runs WHERE run_id = :run_id

-- name: finish_run
UPDATE runs SET finished_at = :now, outcome = :outcome, scenario = :scenario, line = :line
WHERE run_id = :run_id AND attempt = :attempt

-- name: replace_line
UPDATE runs SET outcome = :outcome, scenario = :scenario, line = :line WHERE run_id = :run_id

-- name: add_step
INSERT INTO steps (run_id, seq, attempt, kind, title, at, data)
VALUES (:run_id, :seq, :attempt, :kind, :title, :at, :data)

-- name: last_seq
SELECT COALESCE(MAX(seq), 0) FROM steps WHERE run_id = :run_id

-- name: steps_of_run
SELECT seq, attempt, kind, title, at, data FROM steps WHERE run_id = :run_id ORDER BY seq

-- name: latest_effect
SELECT * FROM ledger
WHERE workspace_id = :workspace_id AND call_id = :call_id AND tool = :tool AND target = :target
ORDER BY attempt DESC LIMIT 1

-- name: effect_by_key
SELECT * FROM ledger WHERE key = :key

-- name: effects_of_call
SELECT * FROM ledger WHERE workspace_id = :workspace_id AND call_id = :call_id ORDER BY created_at, rowid

-- name: add_effect
INSERT INTO ledger (key, workspace_id, call_id, run_id, run_attempt, tool, target, arguments, fingerprint, attempt,
    lock_system, lock_class, lock_object, effect, customer, minor, currency, automatic, state, created_at, updated_at)
VALUES (:key, :workspace_id, :call_id, :run_id, :run_attempt, :tool, :target, :arguments, :fingerprint, :attempt,
    :lock_system, :lock_class, :lock_object, :effect, :customer, :minor, :currency, :automatic, 'planned', :now, :now)

-- name: claim_effect
UPDATE ledger SET run_attempt = :run_attempt, updated_at = :now WHERE key = :key AND state = 'planned'

-- name: mark_effect
UPDATE ledger SET state = :state, vendor_id = COALESCE(:vendor_id, vendor_id), url = COALESCE(:url, url),
    updated_at = :now
WHERE key = :key AND state IN (SELECT value FROM json_each(:from_states))

-- name: lock_by_effect
SELECT call_id, NULL AS case_id, created_at AS since FROM ledger
WHERE workspace_id = :workspace_id AND lock_system = :system AND lock_class = :class
    AND lock_object IN (:object, '<MASKED>') AND call_id <> :call_id AND state <> 'rejected' AND created_at > :since
ORDER BY created_at, rowid LIMIT 1

-- name: lock_by_proposal
SELECT cases.call_id AS call_id, cases.case_id AS case_id, cases.opened_at AS since
FROM case_locks JOIN cases ON cases.case_id = case_locks.case_id
WHERE cases.workspace_id = :workspace_id AND case_locks.system = :system AND case_locks.class = :class
    AND case_locks.object IN (:object, '<MASKED>') AND cases.call_id <> :call_id AND cases.state = 'open'
ORDER BY cases.opened_at, cases.rowid LIMIT 1

-- name: count_of_customer
SELECT COUNT(*) FROM ledger
WHERE workspace_id = :workspace_id AND customer IN (:customer, '<MASKED>') AND effect = 'money' AND automatic = 1
    AND state <> 'rejected' AND created_at > :since

-- name: sum_of_customer
SELECT COALESCE(SUM(minor), 0) FROM ledger
WHERE workspace_id = :workspace_id AND customer IN (:customer, '<MASKED>') AND currency = :currency
    AND effect = 'money' AND automatic = 1 AND state <> 'rejected' AND created_at > :since

-- name: sum_of_workspace
SELECT COALESCE(SUM(minor), 0) FROM ledger
WHERE workspace_id = :workspace_id AND currency = :currency AND effect = 'money'
    AND automatic = 1 AND state <> 'rejected' AND created_at > :since

-- name: add_case
INSERT INTO cases (case_id, run_id, call_id, workspace_id, state, body, opened_at, expires_at)
VALUES (:case_id, :run_id, :call_id, :workspace_id, :state, :body, :opened_at, :expires_at)

-- name: add_case_lock
INSERT OR IGNORE INTO case_locks (case_id, system, class, object) VALUES (:case_id, :system, :class, :object)

-- name: get_case
SELECT body FROM cases WHERE case_id = :case_id

-- name: list_cases
SELECT case_id, body FROM cases
WHERE (:state IS NULL OR state = :state) AND (:workspace_id IS NULL OR workspace_id = :workspace_id)
ORDER BY opened_at, rowid

-- name: change_case
UPDATE cases SET state = :state, body = :body WHERE case_id = :case_id AND state = 'open'

-- name: add_decision
INSERT INTO decisions (case_id, seq, body)
VALUES (:case_id, (SELECT COUNT(*) + 1 FROM decisions WHERE case_id = :case_id), :body)

-- name: decisions_of_case
SELECT body FROM decisions WHERE case_id = :case_id ORDER BY seq

-- name: put_pause
INSERT INTO pauses (workspace_id, tool, by, reason, at) VALUES (:workspace_id, :tool, :by, :reason, :now)
ON CONFLICT (workspace_id, tool) DO UPDATE SET by = excluded.by, reason = excluded.reason, at = excluded.at

-- name: drop_pause
DELETE FROM pauses WHERE workspace_id = :workspace_id AND tool = :tool

-- name: pause_for
SELECT * FROM pauses
WHERE workspace_id IN ('', :workspace_id) AND tool IN ('', :system, :tool)
ORDER BY workspace_id, tool LIMIT 1

-- name: list_pauses
SELECT * FROM pauses ORDER BY at, workspace_id, tool

-- name: note_erasure
INSERT INTO erasures (run_id, workspace_id, call_id, erased_at) VALUES (:run_id, :workspace_id, :call_id, :now)

-- name: erase_steps
DELETE FROM steps WHERE run_id = :run_id

-- name: erase_case_locks
DELETE FROM case_locks WHERE case_id IN (SELECT case_id FROM cases WHERE run_id = :run_id)

-- name: erase_decisions
DELETE FROM decisions WHERE case_id IN (SELECT case_id FROM cases WHERE run_id = :run_id)

-- name: erase_cases
DELETE FROM cases WHERE run_id = :run_id

-- name: erase_run
DELETE FROM runs WHERE run_id = :run_id

-- name: erase_call
DELETE FROM calls WHERE workspace_id = :workspace_id AND call_id = :call_id

-- name: put_envelope
INSERT INTO envelopes (workspace_id, call_id, source, received_at, digest, state)
VALUES (:workspace_id, :call_id, :source, :received_at, :digest, :state)
ON CONFLICT (workspace_id, call_id) DO UPDATE SET source = excluded.source, received_at = excluded.received_at,
    digest = excluded.digest

-- name: list_envelopes
SELECT * FROM envelopes WHERE :workspace_id IS NULL OR workspace_id = :workspace_id
ORDER BY received_at DESC, rowid DESC

-- name: drop_envelope
DELETE FROM envelopes WHERE workspace_id = :workspace_id AND call_id = :call_id

-- name: empty_effects
UPDATE ledger SET arguments = '{}' WHERE workspace_id = :workspace_id AND call_id = :call_id

-- name: count_calls
SELECT COUNT(*) FROM calls

-- name: text_groups_in_calls
SELECT rowid AS row, workspace_id, call_id FROM calls WHERE rowid > :after ORDER BY rowid LIMIT :limit

-- name: text_groups_in_runs
SELECT rowid AS row, workspace_id, call_id FROM runs
WHERE rowid > :after AND (workspace_id, call_id) NOT IN (SELECT workspace_id, call_id FROM calls)
ORDER BY rowid LIMIT :limit

-- name: text_groups_in_ledger
SELECT MIN(rowid) AS row, workspace_id, call_id FROM ledger
WHERE (workspace_id, call_id) NOT IN (SELECT workspace_id, call_id FROM calls)
    AND (workspace_id, call_id) NOT IN (SELECT workspace_id, call_id FROM runs)
GROUP BY workspace_id, call_id HAVING MIN(rowid) > :after ORDER BY row LIMIT :limit

-- name: text_groups_in_cases
SELECT MIN(rowid) AS row, workspace_id, call_id FROM cases
WHERE (workspace_id, call_id) NOT IN (SELECT workspace_id, call_id FROM calls)
    AND (workspace_id, call_id) NOT IN (SELECT workspace_id, call_id FROM runs)
    AND (workspace_id, call_id) NOT IN (SELECT workspace_id, call_id FROM ledger)
GROUP BY workspace_id, call_id HAVING MIN(rowid) > :after ORDER BY row LIMIT :limit

-- name: texts_in_calls
SELECT rowid AS row, body FROM calls WHERE workspace_id = :workspace_id AND call_id = :call_id

-- name: texts_in_runs
SELECT rowid AS row, run_id, line FROM runs WHERE workspace_id = :workspace_id AND call_id = :call_id

-- name: texts_in_steps
SELECT rowid AS row, run_id, title, data FROM steps
WHERE run_id IN (SELECT run_id FROM runs WHERE workspace_id = :workspace_id AND call_id = :call_id)
ORDER BY run_id, seq

-- name: texts_of_no_call_in_steps
SELECT rowid AS row, run_id, title, data FROM steps WHERE run_id NOT IN (SELECT run_id FROM runs) ORDER BY rowid

-- name: texts_in_ledger
SELECT rowid AS row, workspace_id, call_id, tool, fingerprint, arguments, target, lock_object, customer, vendor_id, url
FROM ledger WHERE workspace_id = :workspace_id AND call_id = :call_id ORDER BY rowid

-- name: texts_in_cases
SELECT rowid AS row, case_id, run_id, body FROM cases WHERE workspace_id = :workspace_id AND call_id = :call_id ORDER BY rowid

-- name: texts_in_case_locks
SELECT rowid AS row, object FROM case_locks
WHERE case_id IN (SELECT case_id FROM cases WHERE workspace_id = :workspace_id AND call_id = :call_id)
ORDER BY rowid

-- name: texts_of_no_call_in_case_locks
SELECT rowid AS row, object FROM case_locks WHERE case_id NOT IN (SELECT case_id FROM cases) ORDER BY rowid

-- name: texts_in_decisions
SELECT rowid AS row, body FROM decisions
WHERE case_id IN (SELECT case_id FROM cases WHERE workspace_id = :workspace_id AND call_id = :call_id)
ORDER BY rowid

-- name: texts_of_no_call_in_decisions
SELECT rowid AS row, body FROM decisions WHERE case_id NOT IN (SELECT case_id FROM cases) ORDER BY rowid

-- name: texts_of_no_call_in_pauses
SELECT rowid AS row, by, reason FROM pauses ORDER BY rowid

-- name: put_texts_in_calls
UPDATE calls SET body = :body WHERE rowid = :row

-- name: put_texts_in_runs
UPDATE runs SET line = :line WHERE rowid = :row

-- name: put_texts_in_steps
UPDATE steps SET title = :title, data = :data WHERE rowid = :row

-- name: put_texts_in_ledger
UPDATE ledger SET arguments = :arguments, fingerprint = :fingerprint, target = :target, lock_object = :lock_object,
    customer = :customer, vendor_id = :vendor_id, url = :url
WHERE rowid = :row

-- name: put_texts_in_cases
UPDATE cases SET body = :body WHERE rowid = :row

-- name: put_texts_in_case_locks
UPDATE OR REPLACE case_locks SET object = :object WHERE rowid = :row

-- name: put_texts_in_decisions
UPDATE decisions SET body = :body WHERE rowid = :row

-- name: put_texts_in_pauses
UPDATE pauses SET by = :by, reason = :reason WHERE rowid = :row

-- name: open_steps
INSERT INTO sweeping (run_id) VALUES (:run_id)

-- name: close_steps
DELETE FROM sweeping

-- name: begin_sweep
INSERT INTO sweeps (rules_version, started_at) VALUES (:rules_version, :now) RETURNING sweep_id

-- name: end_sweep
UPDATE sweeps SET finished_at = :now, calls = :calls, failed = :failed WHERE sweep_id = :sweep_id

-- name: add_swept
INSERT INTO swept (sweep_id, in_table, in_column, entity, stretches)
VALUES (:sweep_id, :in_table, :in_column, :entity, :stretches)
ON CONFLICT (sweep_id, in_table, in_column, entity) DO UPDATE SET stretches = stretches + excluded.stretches

-- name: sweeps_to_rewrite
SELECT COUNT(*) FROM sweeps WHERE rewritten = 0 AND sweep_id IN (SELECT sweep_id FROM swept)

-- name: note_rewritten
UPDATE sweeps SET rewritten = 1 WHERE rewritten = 0

-- name: list_sweeps
SELECT * FROM sweeps ORDER BY sweep_id

-- name: swept_by
SELECT in_table, in_column, entity, stretches FROM swept WHERE sweep_id = :sweep_id
ORDER BY in_table, in_column, entity
