/** The primitive that a token chooses; positions count through both lists of a space. */
const chosenPrimitive = `
    p.study_id = c.study_id
    AND p.arity = CASE token.key % 5 WHEN 4 THEN 2 ELSE 1 END
    AND p.position = token.value + (
      SELECT min(first.position) FROM primitive AS first WHERE first.study_id = c.study_id AND first.arity = p.arity)`;

/**
 * Views of version 4 on token sequences: which primitive stands in which slot, and which proposals are one
 * token apart. A unit has five tokens: input 1, input 2, unary 1, unary 2, binary. Studies of given formulas
 * have one token a candidate, which names no slot.
 */
export const structureViews4 = `
CREATE VIEW slots AS
SELECT
  study.name AS study,
  c.id AS candidate,
  token.key / 5 + 1 AS unit,
  CASE token.key % 5 WHEN 2 THEN 'unary1' WHEN 3 THEN 'unary2' ELSE 'binary' END AS slot,
  p.name AS primitive,
  p.formula
FROM candidate AS c
JOIN json_each(c.tokens) AS token ON token.key % 5 >= 2
JOIN primitive AS p ON ${chosenPrimitive}
JOIN study ON study.id = c.study_id;

CREATE VIEW neighbors AS
WITH choice AS MATERIALIZED (
  SELECT
    c.id,
    c.study_id,
    token.key AS place,
    CASE token.key % 5
      WHEN 0 THEN 'input1' WHEN 1 THEN 'input2' WHEN 2 THEN 'unary1' WHEN 3 THEN 'unary2' ELSE 'binary'
    END AS slot,
    token.value AS token,
    json_remove(c.tokens, '$[' || token.key || ']') AS others,
    CASE WHEN token.key % 5 >= 2 THEN p.name WHEN token.value = 0 THEN 'x' ELSE 'unit ' || token.value END AS choice
  FROM candidate AS c
  JOIN json_each(c.tokens) AS token ON json_array_length(c.tokens) % 5 = 0
  LEFT JOIN primitive AS p ON token.key % 5 >= 2 AND ${chosenPrimitive}
)
SELECT
  study.name AS study,
  own.id AS candidate,
  other.id AS neighbor,
  own.place / 5 + 1 AS unit,
  own.slot,
  own.choice,
  other.choice AS neighbor_choice
FROM choice AS own
JOIN choice AS other
  ON other.study_id = own.study_id AND other.place = own.place AND other.others = own.others
    AND other.token <> own.token
JOIN study ON study.id = own.study_id;
`;
