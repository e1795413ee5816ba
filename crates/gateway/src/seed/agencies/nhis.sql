create table insured (
    entry integer primary key, resident_number text not null, name text not null, insured integer not null,
    insurance_type text not null, dependant integer not null, since text not null);
create table premiums (
    entry integer primary key, resident_number text not null, year integer not null, period text not null,
    amount integer not null);
create table health_checks (
    entry integer primary key, resident_number text not null, checked_on text not null,
    sight_sufficient integer not null, hearing_sufficient integer not null);
-- indexes
create unique index insured_number on insured (resident_number);
create index premiums_number on premiums (resident_number);
create index health_checks_number on health_checks (resident_number);
create index refunds_number on refunds (resident_number);
