-- A fee may be owed in two parts: the second after a hold is lost.
drop function if exists khidma.owe_fee(bookings, bigint);
