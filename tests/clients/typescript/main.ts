// Sends the examples through every transport and prints, as one JSON object per line, what came back.
import { readFileSync } from "node:fs";
import { create, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { timestampDate, timestampFromDate, ValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import * as node from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";
import { BadRequestSchema, ErrorInfoSchema } from "./gen/google/rpc/error_details_pb.js";
import { AudiencesService } from "./gen/audiences/v1/audiences_service_pb.js";
import { EventsService } from "./gen/events/v1/events_service_pb.js";
import { Operator } from "./gen/insights/v1/filter_pb.js";
import { Visualization } from "./gen/insights/v1/query_spec_pb.js";
import { InsightsService, QueryRequestSchema } from "./gen/insights/v1/query_service_pb.js";

type Input = { http: string; grpc: string; headers: Record<string, string>; examples: JsonValue[] };
const { http, grpc, headers, examples } = JSON.parse(readFileSync(0, "utf8")) as Input;

const withKey: Interceptor = (next) => (request) => {
  for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
  return next(request);
};
const interceptors = [withKey];
const transports: Record<string, Transport> = {
  "connect": node.createConnectTransport({ baseUrl: http, httpVersion: "1.1", interceptors }),
  "connect json": node.createConnectTransport({ baseUrl: http, httpVersion: "1.1", useBinaryFormat: false, interceptors }),
  "connect get": node.createConnectTransport({ baseUrl: http, httpVersion: "1.1", useHttpGet: true, interceptors }),
  "connect fetch": web.createConnectTransport({ baseUrl: http, interceptors }),
  "grpc-web": node.createGrpcWebTransport({ baseUrl: http, httpVersion: "1.1", interceptors }),
  "grpc-web fetch": web.createGrpcWebTransport({ baseUrl: http, interceptors }),
  "grpc": node.createGrpcTransport({ baseUrl: grpc, interceptors }),
};

async function answersOf(transport: Transport): Promise<unknown[]> {
  const client = createClient(InsightsService, transport);
  const answers = [];
  for (const example of examples) {
    const { series } = await client.query(fromJson(QueryRequestSchema, example), { timeoutMs: 10_000 });
    const points = series.map((point) => [
      point.breakdown,
      point.timestamp && timestampDate(point.timestamp).toISOString().slice(0, 10),
      point.value,
    ]);
    answers.push({ count: points.length, points: points.filter(([, , value]) => value) });
  }
  return answers;
}

async function errorOf(transport: Transport): Promise<unknown> {
  try {
    await createClient(InsightsService, transport).query({ query: { formula: "A +" } });
  } catch (thrown) {
    const error = ConnectError.from(thrown);
    const violations = error.findDetails(BadRequestSchema).flatMap((detail) => detail.fieldViolations);
    return {
      code: Code[error.code],
      domain: error.findDetails(ErrorInfoSchema)[0]?.domain,
      fields: violations.map((violation) => violation.field),
    };
  }
  return undefined;
}

// Watches for an event, sends it, and finds it again in the log and in what goes on right now.
async function liveOf(via: string, transport: Transport): Promise<unknown> {
  const client = createClient(EventsService, transport);
  const names = ["watched by a client"];
  const hangUp = new AbortController();
  let streamed: unknown[] = [];
  for await (const { events } of client.stream({ names }, { signal: hangUp.signal })) {
    if (events.length) {
      streamed = events.map(({ name, personId, properties }) => [name, personId, properties]);
      break;
    }
    // Events that are otherwise the same, without ids, would be those of the transport before.
    const properties = { via };
    await client.batchCreate({ events: [{ name: "unwatched" }, { name: names[0], userId: "ada", properties }] });
  }
  hangUp.abort();
  const { events, nextPageToken } = await client.list({ names, pageSize: 1 });
  const now = await client.snapshot({ names, limit: 1 });
  return {
    streamed,
    listed: events.map(({ name }) => name),
    hasMore: nextPageToken !== "",
    events: now.events,
    users: now.activeUsers,
    top: now.topEvents.map(({ value }) => value),
  };
}

// Keeps an audience, counts it, asks a question about it, and takes it away again.
async function audienceOf(transport: Transport): Promise<unknown> {
  const audiences = createClient(AudiencesService, transport);
  const filters = [{ property: "revenue", operator: Operator.GREATER_OR_EQUAL, value: create(ValueSchema, { kind: { case: "numberValue", value: 100 } }) }];
  const where = { expression: { case: "did" as const, value: { name: "purchase", filters } } };
  const { audience } = await audiences.create({ name: "Big spenders", where });
  const id = audience!.id;
  const { size, total } = await audiences.estimateSize({ audience: { case: "id", value: id } });
  const query = {
    timeRange: { start: timestampFromDate(new Date("2026-05-01")), end: timestampFromDate(new Date("2026-06-01")) },
    visualization: Visualization.KPI,
    audienceId: id,
  };
  const { kpis } = await createClient(InsightsService, transport).query({ query });
  await audiences.delete({ id });
  return { size, total, events: kpis[0]?.value, left: (await audiences.list({})).audiences.length };
}

for (const [name, transport] of Object.entries(transports)) {
  const batch = { events: [{ name: "seen by a client", properties: { transport: name, n: 1 } }] };
  const { eventsCreated } = await createClient(EventsService, transport).batchCreate(batch);
  const [answers, error] = [await answersOf(transport), await errorOf(transport)];
  const audience = await audienceOf(transport);
  const live = await liveOf(name, transport);
  console.log(JSON.stringify({ transport: name, eventsCreated, answers, error, live, audience }));
}
process.exit(0); // the gRPC transport keeps its connection
