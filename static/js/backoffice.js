/* Keeps the admin inside the content security policy.

   Unfold writes its behaviour as small JavaScript expressions into attributes, and Alpine compiles them with
   `new Function`, which the policy forbids. Here the part of the language that those attributes use is
   interpreted instead: literals, names, members, calls, operators, assignment, arrow functions, `if`, `;`.
   An expression sees the data of its element and the globals below, nothing else. */

"use strict";

{
const GLOBALS = new Set(["getCurrentTab", "localStorage", "searchCommand", "searchDropdown", "searchForm", "theme"]);
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const CONSTANTS = { true: true, false: false, null: null, undefined: undefined };
const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(=>|[=!]==?|[<>]=?|&&|\|\||[-+*!?:.,;=(){}[\]]))/y;
const BINARY = [
  { "||": (a, b) => a() || b() },
  { "&&": (a, b) => a() && b() },
  { "==": (a, b) => a() == b(), "!=": (a, b) => a() != b(), "===": (a, b) => a() === b(), "!==": (a, b) => a() !== b() },
  { "<": (a, b) => a() < b(), ">": (a, b) => a() > b(), "<=": (a, b) => a() <= b(), ">=": (a, b) => a() >= b() },
  { "+": (a, b) => a() + b(), "-": (a, b) => a() - b() },
  { "*": (a, b) => a() * b() },
];

function tokens(source) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (source.slice(TOKEN.lastIndex).trim()) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (!match) throw new SyntaxError(`Cannot read "${source.slice(from)}"`);
    const [, number, name, string, sign] = match;
    if (number) found.push({ value: Number(number) });
    else if (string) found.push({ value: string.slice(1, -1).replace(/\\(.)/g, "$1") });
    else found.push({ name, sign, word: name || sign });
  }
  return found;
}

/* Every parsing function gives a function (scope) => value. A place that can be called or assigned to is
   such a function with `owner` (scope) => object and `key` (scope) => property. */
class Parser {
  constructor(source) {
    this.source = source;
    this.tokens = tokens(source);
    this.at = 0;
  }

  peek(word, ahead = 0) {
    return this.tokens[this.at + ahead]?.word === word;
  }

  take(word) {
    if (this.peek(word)) return this.tokens[this.at++];
    return null;
  }

  need(word) {
    if (!this.take(word)) throw new SyntaxError(`"${word}" is missing in "${this.source}"`);
  }

  program(end = null) {
    const steps = [];
    while (this.at < this.tokens.length && !this.peek(end)) {
      if (!this.take(";")) steps.push(this.statement());
    }
    return (scope) => steps.reduce((_, step) => step(scope), undefined);
  }

  statement() {
    if (!this.take("if")) return this.expression();
    this.need("(");
    const condition = this.expression();
    this.need(")");
    const then = this.block();
    const otherwise = this.take("else") ? this.block() : () => undefined;
    return (scope) => (condition(scope) ? then(scope) : otherwise(scope));
  }

  block() {
    if (!this.take("{")) return this.statement();
    const body = this.program("}");
    this.need("}");
    return body;
  }

  expression() {
    if (this.peek("=>", 1)) return this.arrow([this.name()]);
    if (this.peek("(") && this.peek(")", 1) && this.peek("=>", 2)) {
      this.at += 2;
      return this.arrow([]);
    }
    const target = this.ternary();
    if (!this.take("=")) return target;
    if (!target.key) throw new SyntaxError(`Nothing to assign to in "${this.source}"`);
    const value = this.expression();
    return (scope) => (target.owner(scope)[target.key(scope)] = value(scope));
  }

  arrow(names) {
    this.need("=>");
    const body = this.expression();
    return (scope) => (...values) => {
      const own = Object.fromEntries(names.map((name, index) => [name, values[index]]));
      return body(Alpine.mergeProxies([own, scope]));
    };
  }

  ternary() {
    const condition = this.binary(0);
    if (!this.take("?")) return condition;
    const then = this.expression();
    this.need(":");
    const otherwise = this.expression();
    return (scope) => (condition(scope) ? then(scope) : otherwise(scope));
  }

  binary(level) {
    if (level === BINARY.length) return this.unary();
    let left = this.binary(level + 1);
    for (let sign; (sign = this.tokens[this.at]?.sign) && Object.hasOwn(BINARY[level], sign); ) {
      this.at++;
      const [first, apply, second] = [left, BINARY[level][sign], this.binary(level + 1)];
      left = (scope) => apply(() => first(scope), () => second(scope));
    }
    return left;
  }

  unary() {
    if (this.take("!")) return ((of) => (scope) => !of(scope))(this.unary());
    if (this.take("-")) return ((of) => (scope) => -of(scope))(this.unary());
    return this.postfix(this.primary());
  }

  postfix(value) {
    for (;;) {
      if (this.take(".")) value = place(value, ((name) => () => name)(this.name()));
      else if (this.take("[")) {
        value = place(value, this.expression());
        this.need("]");
      } else if (this.take("(")) value = call(value, this.list(")"));
      else return value;
    }
  }

  primary() {
    const token = this.tokens[this.at++];
    if (!token) throw new SyntaxError(`"${this.source}" ends too early`);
    if ("value" in token) return () => token.value;
    if (token.word === "(") {
      const value = this.expression();
      this.need(")");
      return value;
    }
    if (token.word === "[") return ((items) => (scope) => items.map((item) => item(scope)))(this.list("]"));
    if (token.word === "{") return this.object();
    if (!token.name) throw new SyntaxError(`"${token.word}" is not expected in "${this.source}"`);
    if (Object.hasOwn(CONSTANTS, token.name)) return () => CONSTANTS[token.name];
    return variable(token.name);
  }

  object() {
    const entries = [];
    while (!this.take("}")) {
      const token = this.tokens[this.at++];
      this.need(":");
      entries.push([token.name ?? token.value, this.expression()]);
      if (!this.peek("}")) this.need(",");
    }
    return (scope) => Object.fromEntries(entries.map(([key, value]) => [key, value(scope)]));
  }

  list(end) {
    const items = [];
    while (!this.take(end)) {
      items.push(this.expression());
      if (!this.peek(end)) this.need(",");
    }
    return items;
  }

  name() {
    const token = this.tokens[this.at++];
    if (!token?.name) throw new SyntaxError(`A name is missing in "${this.source}"`);
    return token.name;
  }
}

function variable(name) {
  const read = (scope) => {
    if (name in scope) return scope[name];
    if (name === "window") return { location: window.location };
    if (GLOBALS.has(name)) return window[name];
    throw new ReferenceError(`${name} is not defined`);
  };
  return Object.assign(read, { owner: (scope) => scope, key: () => name });
}

function place(of, keyOf) {
  const key = (scope) => {
    const name = keyOf(scope);
    if (FORBIDDEN.has(name)) throw new TypeError(`${name} is out of reach`);
    return name;
  };
  return Object.assign((scope) => of(scope)[key(scope)], { owner: of, key });
}

function call(callee, args) {
  return (scope) => {
    const values = args.map((arg) => arg(scope));
    if (!callee.key) return callee(scope)(...values);
    const owner = callee.owner(scope);
    // The method is read from its owner once: a scope's method runs with the scope as `this`.
    return (owner === scope ? callee(scope) : owner[callee.key(scope)]).apply(owner, values);
  };
}

const programs = new Map([
  // Alpine would write this one as a style attribute; an object it sets property by property.
  ["'width: ' + changeListWidth + 'px'", (scope) => ({ width: `${scope.changeListWidth}px` })],
]);

function compile(source) {
  if (!programs.has(source)) programs.set(source, new Parser(source).program());
  return programs.get(source);
}

function evaluator(element, expression) {
  const data = Alpine.closestDataStack(element);
  return (receive = () => {}, { scope = {}, params = [] } = {}) => {
    const merged = Alpine.mergeProxies([scope, ...data]);
    try {
      let value = typeof expression === "function" ? expression : compile(expression.trim())(merged);
      if (typeof value === "function") value = value.apply(merged, params);
      receive(value);
    } catch (error) {
      console.error(`${error.message} in "${expression}"`, element);
    }
  };
}

document.addEventListener("alpine:init", () => Alpine.setEvaluator(evaluator));

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false; // they are in backoffice.css
}
