-- The session of a token, with its assessment, the proof of its address, the database's clock, and the
-- transactions that wrote the first two last.
--
-- key  SHA-256 of the token
--
-- Three look-ups by unique keys, whatever the tables hold:
--   Nested Loop Left Join
--     ->  Nested Loop
--           ->  Index Scan using assessment_sessions_pkey
--           ->  Index Scan using assessments_session_id
--     ->  Index Scan using address_proofs_pkey

SELECT {columns}, statement_timestamp(), session.xmin, assessment.xmin
FROM assessment_sessions AS session
JOIN assessments AS assessment ON assessment.session_id = session.session_id
LEFT JOIN address_proofs AS proof ON proof.assessment_id = assessment.id
WHERE session.session_id = %(key)s
{lock}
