-- An ID card that was read at the kiosk: whether it bears the booking's name ('' none was read, same, differs).
alter table admission add column card text not null default '';
-- By which kind of reader the kiosk said, with the consent, that it holds the photo of the card's chip ('' none, serial,
-- simulated). The photo itself never comes here.
alter table admission add column chip text not null default '';
-- What the last try was compared with: booking, chip, or both with a comma between.
alter table admission add column compared text not null default '';
