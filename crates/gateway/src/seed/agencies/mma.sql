create table soldiers (
    entry integer primary key, resident_number text not null, name text not null, service_type text not null,
    enlisted_on text, discharged_on text, duty_open integer not null);
-- indexes
create unique index soldiers_number on soldiers (resident_number);
