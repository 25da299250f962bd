-- The days to file begin when the duty's number (100,000 persons) is first counted. The row of a day is overwritten every hour:
-- it keeps the day's highest count, and the first moment at that number, besides the newest count.
alter table face_data_count add column persons_most bigint not null default 0;
alter table face_data_count add column reached_ms bigint;
update face_data_count set persons_most = persons, reached_ms = case when persons >= 100000 then at_ms end;
