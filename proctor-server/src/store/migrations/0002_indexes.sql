-- What kiosks ask every few seconds and housekeeping every second must not read the whole history.
create index reservation_by_seat on reservation(seat_id, start_ms) where state = 'booked';
create index reservation_booked on reservation(start_ms) where state = 'booked';
create index reservation_admitted on reservation(id) where state = 'admitted';
create index sitting_by_reservation on sitting(reservation_id);
create index admission_by_decision on admission(decided_ms);
