-- Long work with progress. `place` is the order in which jobs run.
create table job (
  id text primary key, place bigint not null unique, kind text not null, subject text not null, state text not null,
  done bigint not null, total bigint not null, request text not null, result text not null, error text not null,
  made_by text not null, made_ms bigint not null, finished_ms bigint, cancel bigint not null, seen bigint not null);
create index job_waiting on job(place) where state in ('queued', 'running');

-- A file on its way into a bank. Its rows lie in import_row with the same content columns as item_version, so that
-- acceptance is a handful of statements in one transaction, however many rows there are.
create table import_draft (
  id text primary key, bank_id text not null, file_name text not null, format text not null, mapping text not null,
  bank_head text not null, state text not null, counts text not null, guess text not null, error text not null,
  accept text not null, job_id text not null, made_by text not null, made_ms bigint not null, accepted_by text not null,
  confirmed_by text not null, seen bigint not null);
create index import_draft_by_time on import_draft(made_ms);
create table import_row (
  import_id text not null references import_draft(id), place bigint not null, kind text not null, uid text not null,
  item_id text not null, fate text not null, base_version bigint not null, ready bigint not null, repaired bigint not null,
  look_alike bigint not null, left_out bigint not null, fixed bigint not null, file text not null, sheet text not null,
  file_row bigint not null, file_column bigint not null, findings text not null, excerpt text not null, search_text text not null,
  type text not null, markup text not null, title text not null, topic text not null, difficulty bigint not null,
  stem text not null, stimulus text not null, stimulus_version bigint not null, options text not null,
  option_notes text not null, answer_key text not null, answers text not null, explanation text not null,
  source text not null, fixed_order bigint not null, level text not null, tags text not null, enemies text not null,
  primary key (import_id, place));
create index import_row_by_uid on import_row(import_id, uid);
create index import_row_by_item on import_row(import_id, item_id);
create table import_tag (
  import_id text not null references import_draft(id), place bigint not null, tag text not null,
  primary key (import_id, place, tag));
create table import_stimulus (
  import_id text not null references import_draft(id), stimulus_id text not null, markup text not null, text text not null,
  base_version bigint not null, changed bigint not null, primary key (import_id, stimulus_id));
create table import_media (
  import_id text not null references import_draft(id), name text not null, content_type text not null, size bigint not null,
  base64 text not null, primary key (import_id, name));
