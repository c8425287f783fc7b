using System.Collections.Concurrent;
using System.Diagnostics;
using EcrBuildTasks.Emulator.Faults;
using Microsoft.AspNetCore.Http;

namespace EcrBuildTasks.RealParts;

/// <summary>Writes down the requests that a server receives, in the order in which they came.</summary>
internal sealed class RequestLog
{
    private readonly ConcurrentQueue<Entry> _entries = new();
    private readonly long _started = Stopwatch.GetTimestamp();

    public IReadOnlyList<ProxiedRequest> Requests => [.. _entries.Select(entry => entry.Snapshot)];

    public void Clear() => _entries.Clear();

    public async Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        var entry = new Entry(context.Request, Stopwatch.GetElapsedTime(_started));
        _entries.Enqueue(entry);
        context.Request.Body = new CountedBody(context.Request.Body, entry.Count);
        await RequestEnd.WatchAsync(context, next, status => entry.End(status, Stopwatch.GetElapsedTime(_started)));
    }

    private sealed class Entry(HttpRequest request, TimeSpan start)
    {
        private readonly Lock _gate = new();
        private ProxiedRequest _request = new(
            request.Method,
            request.Path.Value ?? "",
            request.QueryString.Value ?? "",
            BodyBytes: 0,
            Status: 0,
            start,
            End: null
        )
        {
            IsAuthorized = request.Headers.Authorization.Count > 0,
        };

        public ProxiedRequest Snapshot
        {
            get
            {
                lock (_gate)
                {
                    return _request;
                }
            }
        }

        public void Count(int bytes)
        {
            lock (_gate)
            {
                _request = _request with { BodyBytes = _request.BodyBytes + bytes };
            }
        }

        public void End(int status, TimeSpan end)
        {
            lock (_gate)
            {
                _request = _request with { Status = status, End = end };
            }
        }
    }

    private sealed class CountedBody(Stream body, Action<int> count) : RequestBody(body)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await Inner.ReadAsync(buffer, cancellationToken);
            count(read);
            return read;
        }
    }
}
