create table citizens (
    entry integer primary key, resident_number text not null, degree text, disability_type text,
    benefit_kinds text, receiving_since text, near_poor_kind text, near_poor_until text,
    self_support integer not null, discounts integer not null);
create table child_allowances (
    entry integer primary key, resident_number text not null, child text not null, receiving integer not null,
    months integer not null);
-- indexes
create unique index citizens_number on citizens (resident_number);
create index child_allowances_number on child_allowances (resident_number);
