create table insurances (
    entry integer primary key, owner_number text not null, plate text not null, valid_from text not null,
    valid_until text not null);
-- indexes
create index insurances_owner on insurances (owner_number);
create index insurances_plate on insurances (plate);
