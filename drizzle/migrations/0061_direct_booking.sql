-- A client asks one tasker directly: what decided for occurrences of a series decides for every such booking.
drop trigger if exists b_occurrence on bookings;
--> statement-breakpoint
drop function if exists khidma.guard_occurrence_answer(), khidma.occurrence_answer_by(bookings), khidma.lapse_silent_occurrences(int);
