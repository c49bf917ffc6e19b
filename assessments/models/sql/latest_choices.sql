-- The latest choice for each purpose of these addresses, and within these scopes.
--
-- addresses  keyed hashes of addresses
-- scopes     keyed hashes of an address with an assessment
--
--   Unique
--     ->  Sort
--           ->  Index Scan using consents_latest

SELECT DISTINCT ON (address_hash, scope, purpose) address_hash, scope, purpose, given, id
FROM consents
WHERE address_hash = ANY(%(addresses)s::text[]) AND (scope IS NULL OR scope = ANY(%(scopes)s::text[]))
ORDER BY address_hash, scope, purpose, id DESC
