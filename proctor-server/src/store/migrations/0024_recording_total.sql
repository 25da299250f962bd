-- What all recordings take, kept with every segment that comes or goes: adding up millions of rows for each half minute would not do.
create table recording_total (bytes bigint not null);
insert into recording_total(bytes) select coalesce(sum(bytes), 0) from recording_segment;
