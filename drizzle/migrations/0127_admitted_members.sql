drop function if exists khidma.sees_money_of(uuid, uuid);
