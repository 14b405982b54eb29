/**
 * Indices that make a page of a large study a short walk: in the order of ranks (as the view `leaderboard`
 * orders), by complexity, and by status and reason, which is also all that counting needs.
 */
export const pageIndices = `
CREATE INDEX candidate_rank ON candidate
  (study_id, rung DESC, score DESC, versus_relu, complexity, id) WHERE status = 'complete';
CREATE INDEX candidate_complexity ON candidate (study_id, complexity, id);
CREATE INDEX candidate_status ON candidate (study_id, status, reason_code, rung, id);
`;
