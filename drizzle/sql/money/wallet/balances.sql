-- Gives away what is in a user's wallets, by their choice in the request to be erased: to good causes, or to the platform. Nothing
-- of it is held: that is an obstacle. p_part tells the attempts of one erasure apart.
create or replace function khidma.give_away_wallets(p_request erasure_requests, p_part text) returns void language plpgsql as $$
declare
  wallet record;
begin
  for wallet in
    select a.currency, b.balance from ledger_accounts a join ledger_balances b on b.account_id = a.id
     where a.owner_user_id = p_request.user_id and a.kind = 'client_wallet' and b.balance > 0 order by a.currency for update of b
  loop
    perform khidma.post(case p_request.balance when 'donate' then 'wallet_donated' else 'wallet_forfeited' end, 'erasure_request', p_request.id,
      p_part || ':' || wallet.currency, null, wallet.currency, jsonb_build_object('user', p_request.user_id),
      jsonb_build_object('amount', wallet.balance));
  end loop;
end $$;
