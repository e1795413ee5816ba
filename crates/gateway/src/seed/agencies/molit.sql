create table vehicles (
    entry integer primary key, owner_number text not null, owner text not null, plate text not null,
    model text not null, mortgages text not null, seizures text not null);
create table machines (
    entry integer primary key, owner_number text not null, owner text not null, machine_type text not null);
create table land (
    entry integer primary key, parcel text not null, place text not null, land_category text not null,
    area text not null, owner text not null, owner_number text, geometry text not null, scale text not null);
create table buildings (
    entry integer primary key, parcel text not null, address text not null, building_use text not null,
    area text not null, floors integer not null, violation integer not null, owner text not null,
    owner_number text);
-- indexes
create index vehicles_owner on vehicles (owner_number);
create unique index vehicles_plate on vehicles (plate);
create index machines_owner on machines (owner_number);
create unique index land_parcel on land (parcel);
create index land_owner on land (owner_number);
create unique index buildings_parcel on buildings (parcel);
create index buildings_owner on buildings (owner_number);
