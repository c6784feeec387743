-- Prices are computed for a buyer, who may be a company that the caller buys for.
drop function if exists khidma.price_of_packages(jsonb, text, text, text, text);
