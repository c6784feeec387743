-- price_documents
create or replace trigger a_touch before update on price_documents for each row execute function khidma.touch();
create or replace trigger b_guard before insert or update or delete on price_documents for each row execute function khidma.guard_price_document();
create or replace trigger c_items after insert or update of price on price_documents for each row execute function khidma.keep_order_items();
create or replace trigger z_audit after insert or delete or update on price_documents for each row execute function khidma.audit_price_documents('price');

-- order_items
create or replace trigger b_guard before insert or update or delete on order_items for each row execute function khidma.guard_order_item();

-- orders
create or replace trigger a_touch before update on orders for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on orders for each row execute function khidma.guard_order_state();
create or replace trigger b_stamp before update of status on orders for each row execute function khidma.stamp_order();
create or replace trigger c_record_transition after insert or update of status on orders for each row execute function khidma.record_order_transition();
create or replace trigger d_consequences after update of status on orders for each row execute function khidma.order_consequences();
create or replace trigger d_free after insert on orders for each row execute function khidma.complete_free_order();
create or replace trigger d_subscription after update of status on orders for each row when (old.status = 'pending') execute function khidma.follow_charge_order();
create or replace trigger z_audit after insert or delete or update on orders for each row execute function khidma.audit_orders();

-- order_refunds
create or replace trigger b_append_only before update or delete on order_refunds for each row execute function khidma.append_only();
create or replace trigger b_guard before insert on order_refunds for each row execute function khidma.guard_order_refund();
create or replace trigger z_audit after insert or delete or update on order_refunds for each row execute function khidma.audit_order_refunds();
