-- The answers of a batch. Those of one assessment have ids beside each other, as its index has them.

INSERT INTO responses (
    id, assessment_id, question_key, value, time_spent_seconds, is_valid, revision, answered_at
)
SELECT overlay(run.id::text PLACING lpad(to_hex(answer.number), 12, '0') FROM 25)::uuid,
       run.id, answer.question_key, answer.value, answer.seconds, true, 1, run.completed_at
FROM assessments AS run JOIN demo_runs USING (id) JOIN demo_answers AS answer USING (place)
ORDER BY run.id, answer.number
