// A JSON schema as a grammar of llama.cpp (GBNF) that allows no white space, so that an answer takes
// the same tokens as the engine's. node-llama-cpp's own grammar for schemas allows line breaks and
// ends with four of them, which would cost it more tokens than necessary.

const CHARACTER = String.raw`char ::= [^"\\\x00-\x1F\x7F-\x9F]`;

/** The grammar of a schema of objects, arrays, enums, booleans and strings, nullable or not. */
export function grammarOf(schema) {
  return `root ::= ${rule(schema)}\n${CHARACTER}\n`;
}

function rule(schema) {
  if (schema.enum) {
    return `( ${schema.enum.map((value) => literal(JSON.stringify(value))).join(" | ")} )`;
  }
  if (schema.anyOf) {
    return `( ${schema.anyOf.map(rule).join(" | ")} )`;
  }
  switch (schema.type) {
    case "object":
      return object(schema);
    case "array":
      return array(schema);
    case "null":
      return '"null"';
    case "boolean":
      return '( "true" | "false" )';
    case "string":
      return string(schema);
    default:
      throw new RangeError(`a schema with type ${schema.type} is not supported here`);
  }
}

function object(schema) {
  const fields = Object.entries(schema.properties);
  const parts = fields.map(
    ([name, value], at) =>
      `${literal(`${at === 0 ? "{" : ","}${JSON.stringify(name)}:`)} ${rule(value)}`,
  );
  return [...parts, literal("}")].join(" ");
}

function array(schema) {
  if (!(schema.maxItems > 0)) {
    return '"[]"';
  }
  const item = rule(schema.items);
  const least = Math.max(0, (schema.minItems ?? 0) - 1);
  const items = `${item} ( "," ${item} ){${least},${schema.maxItems - 1}}`;
  return schema.minItems > 0 ? `"[" ${items} "]"` : `"[" ( ${items} )? "]"`;
}

function string(schema) {
  if (schema.format) {
    throw new RangeError(`a string with format ${schema.format} is not supported here`);
  }
  return `"\\"" char{${schema.minLength ?? 0},${schema.maxLength ?? ""}} "\\""`;
}

function literal(text) {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
