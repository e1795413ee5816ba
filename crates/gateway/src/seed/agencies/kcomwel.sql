create table employments (
    entry integer primary key, resident_number text not null, employer text not null, insured_since text not null,
    insured_until text, insured_days integer not null, leave_reason text);
create table accident_insurance (
    entry integer primary key, resident_number text not null, establishment text not null, benefits text not null);
-- indexes
create index employments_number on employments (resident_number);
create index accident_insurance_number on accident_insurance (resident_number);
create index refunds_number on refunds (resident_number);
