-- For wrk: sends the bodies of a file, one per line, in random order, and prints what came of it.
--
--     wrk ... -s scripts/bench_wrk.lua URL -- FILE OPERATION AUTHORIZATION SEED

local requests = {}

function init(arguments)
   local headers = {
      ["Host"] = "dynamodb.us-east-1.amazonaws.com",
      ["Content-Type"] = "application/x-amz-json-1.0",
      ["X-Amz-Target"] = "DynamoDB_20120810." .. arguments[2],
      ["X-Amz-Date"] = "20170301T000000Z",
      ["Authorization"] = arguments[3],
   }
   for body in io.lines(arguments[1]) do
      requests[#requests + 1] = wrk.format("POST", "/", headers, body)
   end
   math.randomseed(tonumber(arguments[4]))
end

function request()
   return requests[math.random(#requests)]
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "broken": %d, "refused": %d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
      latency:percentile(99) / 1e3, errors.connect + errors.read + errors.write + errors.timeout,
      errors.status))
end
