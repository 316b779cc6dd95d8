PRAGMA application_id = 1380994126;
PRAGMA user_version = 3;
CREATE TABLE agreements (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  client INTEGER NOT NULL REFERENCES clients ON DELETE CASCADE,
  source INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
  debt TEXT NOT NULL,
  creditor TEXT NOT NULL,
  account TEXT NOT NULL,
  plan TEXT NOT NULL,
  currency TEXT NOT NULL,
  exponent INTEGER NOT NULL CHECK (exponent BETWEEN 0 AND 4),
  as_of TEXT NOT NULL,
  allocation TEXT NOT NULL,
  asks TEXT NOT NULL,
  agreed_on TEXT NOT NULL,
  agreed_with TEXT NOT NULL,
  confirmed TEXT NOT NULL CHECK (confirmed IN ('letter', 'recording', 'app', 'none')),
  document TEXT NOT NULL,
  digest TEXT NOT NULL,
  ended_on TEXT,
  recorded TEXT NOT NULL
, grace INTEGER NOT NULL DEFAULT 0 CHECK (grace BETWEEN 0 AND 31)) STRICT;
INSERT INTO "agreements" VALUES(1,'agreements-1',1,1,'card','River Bank','6222-0471','waive penalty=100% when=on-time:2 + split 4','CNY',2,'2026-11-21','["fees", "interest", "penalty", "principal"]','[{"code": "waive-penalty", "text": "100 % of the penalty is waived after 2 payments on time.", "values": {"share": "100 %", "when": "on-time:2"}}, {"code": "split", "text": "What is owed is repaid in 4 instalments.", "values": {"n": 4}}, {"code": "stream", "text": "Overdue interest, penalty and fees bear no further interest.", "values": {}}]','2026-11-22','Ms Liu','letter','','',NULL,'2026-11-21T08:00:00+00:00',3);
CREATE TABLE cases (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  client INTEGER NOT NULL REFERENCES clients ON DELETE CASCADE,
  content TEXT NOT NULL
) STRICT;
INSERT INTO "cases" VALUES(1,'cases-1',1,'{"as_of": "2026-11-21", "borrower": {}, "business_day": "none", "currency": "CNY", "day_count": "30/360", "debts": [{"accelerated": false, "account": "6222-0471", "arrears": {"fees": "0", "interest": "0", "penalty": "0", "principal": "0"}, "balloon": "0", "creditor": "River Bank", "days_past_due": 0, "estimated": [], "fees": "30.00", "id": "card", "instalments": [], "interest": "300.00", "late_fee": "0", "lender_type": "", "next_due": "2026-12-10", "parties": {}, "payments": [], "penalty": "120.00", "penalty_compounds": false, "principal": "10000.00", "priority": false, "product": "", "rate": "12%", "rate_changes": [], "recurring_fees": [], "secured": false}], "frequency": "month", "hardship": {"evidence": []}, "incomplete": false, "jurisdiction": "CN", "questions": [], "replan": 1, "rounding": {"basis": "actual", "instalment": "half-up", "interest": "half-up", "settle": "last"}}');
CREATE TABLE clients (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE CHECK (length(name) > 0)
) STRICT;
INSERT INTO "clients" VALUES(1,'clients-1','Ana');
CREATE TABLE conditions (
  agreement INTEGER NOT NULL REFERENCES agreements ON DELETE CASCADE,
  n INTEGER NOT NULL,
  payments INTEGER NOT NULL CHECK (payments >= 0),
  principal INTEGER NOT NULL,
  interest INTEGER NOT NULL,
  penalty INTEGER NOT NULL,
  fees INTEGER NOT NULL,
  PRIMARY KEY (agreement, n)
) STRICT, WITHOUT ROWID;
INSERT INTO "conditions" VALUES(1,0,2,0,0,12000,0);
CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  client INTEGER NOT NULL REFERENCES clients ON DELETE CASCADE,
  at TEXT NOT NULL,
  zone TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('call', 'message', 'letter', 'visit')),
  outcome TEXT NOT NULL CHECK (outcome IN ('reached', 'unanswered')),
  caller TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('creditor', 'collector', 'unknown')),
  number TEXT NOT NULL,
  recipient TEXT NOT NULL CHECK (recipient IN ('borrower', 'third-party')),
  debt TEXT NOT NULL,
  jurisdiction TEXT NOT NULL,
  said TEXT NOT NULL,
  recorded TEXT NOT NULL
) STRICT;
CREATE TABLE instalments (
  agreement INTEGER NOT NULL REFERENCES agreements ON DELETE CASCADE,
  n INTEGER NOT NULL CHECK (n >= 0),
  due TEXT NOT NULL,
  until TEXT NOT NULL,
  payment INTEGER NOT NULL CHECK (payment >= 0),
  principal INTEGER NOT NULL,
  interest INTEGER NOT NULL,
  penalty INTEGER NOT NULL,
  fees INTEGER NOT NULL,
  principal_left INTEGER NOT NULL,
  interest_left INTEGER NOT NULL,
  penalty_left INTEGER NOT NULL,
  fees_left INTEGER NOT NULL,
  fees_accrued INTEGER NOT NULL,
  bearing INTEGER NOT NULL,
  CHECK (principal + interest + penalty + fees = payment),
  PRIMARY KEY (agreement, n)
) STRICT, WITHOUT ROWID;
INSERT INTO "instalments" VALUES(1,0,'2026-11-21','2026-11-21',0,0,0,0,0,1000000,30000,12000,3000,0,1000000);
INSERT INTO "instalments" VALUES(1,1,'2026-12-10','2026-12-10',263601,249018,11583,0,3000,750982,24750,12000,0,0,1000000);
INSERT INTO "instalments" VALUES(1,2,'2027-01-10','2027-01-10',263601,247841,15760,0,0,503141,16500,0,0,0,750982);
INSERT INTO "instalments" VALUES(1,3,'2027-02-10','2027-02-10',263601,250320,13281,0,0,252821,8250,0,0,0,503141);
INSERT INTO "instalments" VALUES(1,4,'2027-03-10','2027-03-10',263599,252821,10778,0,0,0,0,0,0,0,252821);
CREATE TABLE numbers (
  name TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "numbers" VALUES('agreements',1);
INSERT INTO "numbers" VALUES('clients',1);
INSERT INTO "numbers" VALUES('payments',2);
CREATE TABLE offers (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  client INTEGER NOT NULL REFERENCES clients ON DELETE CASCADE,
  made_on TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('ours', 'theirs')),
  debt TEXT NOT NULL,
  terms TEXT NOT NULL,
  answer TEXT NOT NULL,
  recorded TEXT NOT NULL
) STRICT;
CREATE TABLE payments (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  agreement INTEGER NOT NULL REFERENCES agreements ON DELETE CASCADE,
  paid_on TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  reference TEXT NOT NULL,
  recorded TEXT NOT NULL
) STRICT;
INSERT INTO "payments" VALUES(1,'payments-1',1,'2026-12-10',250000,'','2026-11-21T08:00:00+00:00');
INSERT INTO "payments" VALUES(2,'payments-2',1,'2027-01-10',150000,'','2026-11-21T08:00:00+00:00');
CREATE TABLE removals (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  agreement INTEGER NOT NULL REFERENCES agreements ON DELETE CASCADE,
  paid_on TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  reference TEXT NOT NULL,
  recorded TEXT NOT NULL
) STRICT;
INSERT INTO "removals" VALUES(1,'payments-0',1,'2026-12-09',5,'x','2026-11-21T08:00:00+00:00');
CREATE INDEX payments_by_agreement ON payments (agreement, paid_on, id);
CREATE INDEX removals_by_agreement ON removals (agreement, paid_on);
