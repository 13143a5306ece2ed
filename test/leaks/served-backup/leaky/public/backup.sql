CREATE TABLE invoices (customer text, amount integer);
