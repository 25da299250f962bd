-- A person may leave up to three reference photos (with glasses, without, with a beard), numbered from 1.
create table reference_photo (
  candidate_id text not null references candidate(id), number bigint not null, sealed text not null, checked_by text not null,
  taken_ms bigint not null, primary key (candidate_id, number));
insert into reference_photo(candidate_id, number, sealed, checked_by, taken_ms)
  select candidate_id, 1, sealed, checked_by, taken_ms from photo;
drop table photo;
