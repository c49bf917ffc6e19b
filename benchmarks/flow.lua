-- One visitor a connection for wrk: run the flow named by the first argument, again and again, as a browser would.
--
-- wrk -t N -c N -d SECONDSs -s flow.lua ADDRESS -- json|html START BODIES
--   START   path of the first page (html)
--   BODIES  file: the JSON body of each save, then that of the submit, one a line; ADDRESS in it is made unique
--
-- Every connection has a thread, and so a state, of its own. The CSRF cookie is that of a visitor who has been
-- here before. wrk shows one Set-Cookie of a response, so the product sends X-Session, too: flow_served.py.
-- Prints one JSON object.

local ffi = require("ffi")
ffi.cdef "typedef struct { long sec; long nsec; } moment; int clock_gettime(int, moment *);"

local SECRET = "benchmarkbenchmarkbenchmark12345"
local STEP = 1e-4  -- seconds; the width of a bucket of times
local threads = {}

function setup(thread)
  thread:set("number", #threads + 1)
  threads[#threads + 1] = thread
end

function init(arguments)
  math.randomseed(os.time() * 100 + number)
  kind_of_flow, first_page = arguments[1], arguments[2]
  bodies = {}
  if arguments[3] then for line in io.lines(arguments[3]) do bodies[#bodies + 1] = line end end
  flows, failures, failure, times = 0, 0, "", {}
  begin()
end

function now()
  local found = ffi.new("moment")
  ffi.C.clock_gettime(1, found)
  return tonumber(found.sec) + tonumber(found.nsec) / 1e9
end

function begin()
  flow = { cookie = nil, token = SECRET, at = 0, visitor = math.random(2 ^ 30) }
  flow.client = string.format("11.%d.%d.%d", math.random(255), math.random(255), math.random(255))
  flow.kind, flow.method, flow.path = "landing", "GET", first_page
  if kind_of_flow == "json" then next_call() end
end

function request()
  local headers = {
    ["X-Forwarded-Proto"] = "https", ["X-Forwarded-For"] = flow.client, ["Accept-Encoding"] = "identity",
    ["Host"] = "localhost", ["Referer"] = "https://localhost/", ["Origin"] = "https://localhost",
    ["Accept-Language"] = "en", ["X-CSRFToken"] = flow.token, ["Content-Type"] = flow.type,
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    ["Cookie"] = "__Host-csrftoken=" .. SECRET .. "; csrftoken=" .. SECRET
      .. (flow.cookie and "; " .. flow.cookie or ""),
  }
  flow.began = now()
  return wrk.format(flow.method, flow.path, headers, flow.body)
end

function response(status, headers, body)
  local bucket = math.floor((now() - flow.began) / STEP)
  times[flow.kind] = times[flow.kind] or {}
  times[flow.kind][bucket] = (times[flow.kind][bucket] or 0) + 1
  local set = headers["X-Session"] or headers["x-session"] or headers["Set-Cookie"] or headers["set-cookie"]
  if set and not set:find("csrftoken") then flow.cookie = set:match("^[^;]+") end
  if status >= 400 then
    failures, failure = failures + 1, flow.kind .. " " .. status
    return begin()
  end
  if kind_of_flow == "json" then
    flow.token = body:match('"csrfToken": ?"(%w+)"') or flow.token
    next_call()
  else
    next_page(headers["Location"] or headers["location"], body)
  end
end

function next_call()
  local at = flow.at
  flow.at = at + 1
  if at > #bodies then return finish() end
  flow.kind = at == 0 and "start" or at == #bodies and "submit" or "save"
  flow.method, flow.type = "POST", "application/json"
  flow.path = "/api/assessment/" .. (flow.kind == "save" and "save-progress" or flow.kind)
  flow.body = at == 0 and "{}" or bodies[at]:gsub("ADDRESS", "visitor" .. flow.visitor .. "@example.com")
end

function next_page(location, page)
  if location then
    if location:find("results") or location:find("confirm") then return finish() end
    flow.kind, flow.method, flow.path, flow.body = "page", "GET", location, nil
    return
  end
  local form = page:match('<form[^>]*method="post".-</form>') or page
  local sent, seen = {}, {}
  for tag in form:gmatch("<input[^>]*>") do
    local kind, name, value = tag:match('type="(%w+)"'), tag:match('name="([^"]+)"'), tag:match('value="([^"]*)"')
    if name and (kind == "hidden" or kind == "radio") and not seen[name] then
      seen[name] = true
      sent[#sent + 1] = name .. "=" .. (value or "")
    end
  end
  flow.kind, flow.method = flow.kind == "landing" and first_page == "/" and "start" or "post", "POST"
  flow.type = "application/x-www-form-urlencoded"
  flow.path = form:match('action="([^"]+)"') or flow.path
  flow.body = table.concat(sent, "&")
end

function finish()
  flows = flows + 1
  begin()
end

-- wrk copies strings and numbers between threads and fails on tables: `report` is made when it is asked for.
setmetatable(_G, { __index = function(_, name) return name == "report" and report_of_thread() or nil end })

function report_of_thread()
  local parts = {}
  for kind, buckets in pairs(times) do
    for bucket, count in pairs(buckets) do parts[#parts + 1] = string.format('["%s",%d,%d]', kind, bucket, count) end
  end
  return table.concat(parts, ",")
end

function done(summary)
  local all, failed, words, reports = 0, 0, "", {}
  for _, thread in ipairs(threads) do
    all, failed = all + thread:get("flows"), failed + thread:get("failures")
    if thread:get("failure") ~= "" then words = thread:get("failure") end
    if thread:get("report") ~= "" then reports[#reports + 1] = thread:get("report") end
  end
  print(string.format('FIGURES {"flows":%d,"failures":%d,"failure":"%s","seconds":%f,"bytes":%d,"times":[%s]}',
    all, failed, words, summary.duration / 1e6, summary.bytes, table.concat(reports, ",")))
end
