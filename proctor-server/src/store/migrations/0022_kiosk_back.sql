-- Since when a kiosk has been there again after it was away: answers that it gave meanwhile are then on their way.
alter table kiosk add column back_ms bigint;
