-- The recording of a sitting: its key (sealed), what its kiosk said when it ended. The segments themselves are files beside
-- the database. Exam evidence: kept for three years; deleting the row makes whatever is left of the files unreadable.
create table recording (
  sitting_id text primary key references sitting(id), key text not null, made_ms bigint not null, last_number bigint,
  ended_ms bigint);
create table recording_segment (
  sitting_id text not null references recording(sitting_id), number bigint not null, began_ms bigint not null,
  ended_ms bigint not null, frames bigint not null, bytes bigint not null, sha256 text not null, received_ms bigint not null,
  damaged bigint not null default 0, primary key (sitting_id, number));
-- What the kiosk told about it, so that telling twice changes nothing.
create table recording_news (
  sitting_id text not null references recording(sitting_id), at_ms bigint not null, what text not null,
  primary key (sitting_id, at_ms, what));
