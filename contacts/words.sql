-- SQLite's index of the words of contacts (words.py). Statements are parted by blank lines.
-- Two blanks stand before each word: with them even one letter is the three characters that can be found.
CREATE VIEW contacts_words_now AS
SELECT contact.id AS contact_id, replace(
    ' ' || name || ' ' || user_name || ' ' || title || ' ' || phone || ' ' || mobile
    || ' ' || coalesce((SELECT name FROM companies_company WHERE id = contact.company_id), '')
    || ' ' || coalesce(
        (SELECT group_concat(address, ' ') FROM contacts_contactaddress WHERE contact_id = contact.id), ''
    )
    || ' ' || coalesce(
        (SELECT group_concat(value, ' ') FROM json_each(contact.custom_fields) WHERE type = 'text'), ''
    ),
    ' ', '  '
) AS text
FROM contacts_contact AS contact

CREATE TABLE contacts_words (id INTEGER PRIMARY KEY, contact_id TEXT NOT NULL UNIQUE, text TEXT NOT NULL)

CREATE VIRTUAL TABLE contacts_words_index
USING fts5(text, content='contacts_words', content_rowid='id', tokenize='trigram')

CREATE TRIGGER contacts_words_in AFTER INSERT ON contacts_words BEGIN
    INSERT INTO contacts_words_index (rowid, text) VALUES (new.id, new.text);
END

CREATE TRIGGER contacts_words_changed AFTER UPDATE OF text ON contacts_words WHEN old.text <> new.text BEGIN
    INSERT INTO contacts_words_index (contacts_words_index, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO contacts_words_index (rowid, text) VALUES (new.id, new.text);
END

CREATE TRIGGER contacts_words_out AFTER DELETE ON contacts_words BEGIN
    INSERT INTO contacts_words_index (contacts_words_index, rowid, text) VALUES ('delete', old.id, old.text);
END

CREATE TRIGGER contacts_words_contact_in AFTER INSERT ON contacts_contact BEGIN
    INSERT INTO contacts_words (contact_id, text)
    SELECT contact_id, text FROM contacts_words_now WHERE contact_id = new.id;
END

CREATE TRIGGER contacts_words_contact_changed
AFTER UPDATE OF name, user_name, title, phone, mobile, company_id, custom_fields ON contacts_contact BEGIN
    UPDATE contacts_words SET text = (SELECT text FROM contacts_words_now WHERE contact_id = new.id)
    WHERE contact_id = new.id;
END

CREATE TRIGGER contacts_words_contact_out AFTER DELETE ON contacts_contact BEGIN
    DELETE FROM contacts_words WHERE contact_id = old.id;
END

CREATE TRIGGER contacts_words_address_in AFTER INSERT ON contacts_contactaddress BEGIN
    UPDATE contacts_words SET text = (SELECT text FROM contacts_words_now WHERE contact_id = new.contact_id)
    WHERE contact_id = new.contact_id;
END

CREATE TRIGGER contacts_words_address_changed
AFTER UPDATE OF contact_id, address ON contacts_contactaddress BEGIN
    UPDATE contacts_words
    SET text = (SELECT text FROM contacts_words_now AS now WHERE now.contact_id = contacts_words.contact_id)
    WHERE contact_id IN (old.contact_id, new.contact_id);
END

CREATE TRIGGER contacts_words_address_out AFTER DELETE ON contacts_contactaddress BEGIN
    UPDATE contacts_words SET text = (SELECT text FROM contacts_words_now WHERE contact_id = old.contact_id)
    WHERE contact_id = old.contact_id AND EXISTS (SELECT 1 FROM contacts_contact WHERE id = old.contact_id);
END

CREATE TRIGGER contacts_words_company_renamed AFTER UPDATE OF name ON companies_company
WHEN old.name <> new.name BEGIN
    UPDATE contacts_words
    SET text = (SELECT text FROM contacts_words_now AS now WHERE now.contact_id = contacts_words.contact_id)
    WHERE contact_id IN (SELECT id FROM contacts_contact WHERE company_id = new.id);
END

INSERT INTO contacts_words (contact_id, text) SELECT contact_id, text FROM contacts_words_now
