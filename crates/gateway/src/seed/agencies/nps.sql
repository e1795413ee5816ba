create table contributions (
    entry integer primary key, resident_number text not null, period text not null, months integer not null,
    amount integer not null);
create table pensions (
    entry integer primary key, resident_number text not null, receiving integer not null, pension_type text,
    amount integer);
-- indexes
create unique index contributions_number on contributions (resident_number);
create unique index pensions_number on pensions (resident_number);
create index refunds_number on refunds (resident_number);
