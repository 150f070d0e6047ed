-- The method, a file with paths, and the body.
init = function(args)
  wrk.method = args[1]
  if args[3] then
    wrk.body = args[3]
    wrk.headers["Content-Type"] = "application/json"
  end
  local paths = {}
  for path in io.lines(args[2]) do
    paths[#paths + 1] = path
  end
  if #paths > 1 then
    local at = 0
    request = function()
      at = at % #paths + 1
      return wrk.format(nil, paths[at])
    end
  end
end

-- What wrk tells when it is done, as JSON.
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"micros":%d,"bytes":%d,"failed":%d,"p50":%d,"p95":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
