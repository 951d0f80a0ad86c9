// Reads {tables: {name: schema}, queries: {name: query}} and prints {name: [what Microsoft's parser complains of]}.
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");

const { GlobalState, KustoCode, Symbols } = globalThis.Kusto.Language;

const asked = JSON.parse(require("node:fs").readFileSync(0, "utf-8"));
const tables = Object.entries(asked.tables).map(([name, schema]) => Symbols.TableSymbol.From(schema).WithName(name));
// The library is C# compiled to JavaScript: constructors are numbered, and this is the one of (name, members).
const database = new Symbols.DatabaseSymbol.ctor("logs", tables);
const globals = GlobalState.Default.WithDatabase(database);

const said = {};
for (const [name, query] of Object.entries(asked.queries)) {
  const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  said[name] = Array.from({ length: found.Count }, (_, at) => found.getItem(at).Message);
}
console.log(JSON.stringify(said));
