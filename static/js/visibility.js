// Which questions are shown and which must be answered: the rules of scorecard/visibility.py and scorecard/conditions.py,
// on the data of scorecard/adaptive/browser.py. Pure; a file of cases and a property test hold both to the same.
(() => {
  "use strict";

  const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const kind = (value) => (["boolean", "number", "string"].includes(typeof value) ? typeof value : "other");
  const same = (one, other) => kind(one) === kind(other) && equalValues(one, other);
  const isMember = (value, values) => values.some((each) => same(value, each));
  const listed = (value) => (Array.isArray(value) ? value : [value]);

  const equalValues = (one, other) => {
    if (Array.isArray(one) && Array.isArray(other))
      return one.length === other.length && one.every((each, place) => equalValues(each, other[place]));
    if (isObject(one) && isObject(other)) {
      const keys = Object.keys(one);
      return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && equalValues(one[key], other[key]));
    }
    return one === other;
  };

  const isEmpty = (answer) =>
    answer === null ||
    answer === undefined ||
    ((typeof answer === "string" || Array.isArray(answer)) && answer.length === 0) ||
    (isObject(answer) && Object.keys(answer).length === 0);

  const equal = (answer, value) => {
    if (isEmpty(answer)) return false;
    if (Array.isArray(answer)) {
      const others = listed(value);
      return answer.length === others.length && others.every((each) => isMember(each, answer));
    }
    if (isObject(answer)) return isObject(value) && equalValues(answer, value);
    return same(answer, value);
  };

  const among = (answer, value) => !isEmpty(answer) && listed(answer).some((each) => isMember(each, listed(value)));

  const contains = (answer, value) => {
    if (isEmpty(answer)) return false;
    const values = listed(value);
    if (typeof answer === "string") return values.every((each) => typeof each === "string" && answer.includes(each));
    const held = isObject(answer) ? Object.values(answer) : answer;
    return Array.isArray(held) && values.every((each) => isMember(each, held));
  };

  const ordered = (compare) => (answer, value) => {
    const days = [answer, value].every((each) => typeof each === "string" && DAY.test(each));
    return (days || (typeof answer === "number" && typeof value === "number")) && compare(answer, value);
  };
  const not = (operator) => (answer, value) => !operator(answer, value);

  const OPERATORS = {
    eq: equal,
    ne: not(equal),
    gt: ordered((answer, value) => answer > value),
    lt: ordered((answer, value) => answer < value),
    gte: ordered((answer, value) => answer >= value),
    lte: ordered((answer, value) => answer <= value),
    in: among,
    not_in: not(among),
    contains,
    not_contains: not(contains),
    is_empty: isEmpty,
    is_not_empty: not(isEmpty),
  };

  const answerTo = (field, answers) => {
    const dot = field.indexOf(".");
    if (dot < 0) return answers[field];
    const answer = answers[field.slice(0, dot)];
    const row = field.slice(dot + 1);
    return isObject(answer) && Object.hasOwn(answer, row) ? answer[row] : null;
  };

  const holds = (condition, answers) => {
    const own = OPERATORS[condition.operator](answerTo(condition.field, answers), condition.value);
    if (condition.logicalOp === "OR") return own || condition.nested.some((nested) => holds(nested, answers));
    return own && condition.nested.every((nested) => holds(nested, answers));
  };

  const isShown = (wait, answers) => {
    const deciding = wait.rules.findLast((rule) => holds(rule.when, answers));
    if (deciding) return deciding.action === "SHOW";
    if (wait.condition) return holds(wait.condition, answers);
    return !wait.rules.some((rule) => rule.action === "SHOW");
  };

  // {shown: [keys], required: [keys]} in the order in which the questions are decided.
  const visible = (data, answers) => {
    const counted = Object.create(null);
    const shown = [];
    for (const { key, section } of data.questions) {
      const waits = [section, key].filter((name) => Object.hasOwn(data.waits, name));
      if (!waits.every((name) => isShown(data.waits[name], counted))) continue;
      shown.push(key);
      if (Object.hasOwn(answers, key)) counted[key] = answers[key];
    }
    const required = data.questions
      .filter(({ key }) => shown.includes(key))
      .filter(({ key, required }) => {
        const rules = Object.hasOwn(data.demands, key) ? data.demands[key] : [];
        const deciding = rules.findLast((rule) => holds(rule.when, counted));
        return deciding ? deciding.action === "REQUIRE" : required;
      });
    return { shown, required: required.map(({ key }) => key) };
  };

  if (typeof module === "object") module.exports = { visible, holds };
  else window.visibleQuestions = visible;
})();
