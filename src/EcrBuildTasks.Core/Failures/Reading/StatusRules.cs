namespace EcrBuildTasks.Failures.Reading;

/// <summary>Statuses and broken connections, of which the client has lost the reason.</summary>
internal static class StatusRules
{
    // What makes a bare status an answer of a registry: a path of its protocol, its host, or a client's words about it.
    private const string Registry =
        @"(/v2/|\bmanifests?\b|\bblobs?\b|dkr[.-]ecr|\becr\b|ecr\.aws|unexpected( http)? status|(head|put|patch|post) request"
        + @"|(source|destination) repository|daemon|container\d{4}|failed to (push|pull|resolve|authorize|copy|do request|commit)"
        + @"|(push|pull)ing|layer upload|login attempt|docker login|image pull|imagepull|pull image|push image)";

    private const string Aws =
        @"(amazonaws|api\.aws|\bon\.aws|amazonaws\.eu|ecr|sts\.|\*\*\*|/v2/|endpoint|registry|daemon)";

    public static IReadOnlyList<FailureRule> All { get; } =
    [
        // Statuses with the reason lost.
        new(
            FailureKind.ForbiddenOpaque,
            "HTTP 403 response",
            "CONTAINER1014",
            "CONTAINER1016",
            "requested access to the resource is denied",
            "insufficient_scope"
        ),
        new(FailureKind.ForbiddenOpaque, " 403", "(403", "=403", ":403", "forbidden")
        {
            Pattern = $@"{Registry}.*(\b403\b|status code:? '?forbidden)|(\b403\b|\bforbidden\b).*{Registry}",
        },
        new(
            FailureKind.Unauthenticated,
            "denied: not authorized",
            "authentication required",
            "no basic auth",
            "authorization failed",
            "failed to fetch anonymous token",
            "invalid username/password",
            "incorrect username or password",
            "authorization header",
            "unauthorized: "
        ),
        new(
            FailureKind.Unauthenticated,
            " 401",
            "(401",
            "=401",
            ":401",
            "unauthorized",
            "cannot perform an interactive login"
        )
        {
            Pattern =
                $@"{Registry}.*(\b401\b|unauthorized)|(\b401\b|unauthorized).*{Registry}|cannot perform an interactive login",
        },
        new(FailureKind.RateLimited, " 429", "(429", "=429", ":429")
        {
            Pattern = $@"{Registry}.*\b429\b|\b429\b.*{Registry}",
        },
        new(FailureKind.RepositoryNotFound, " 404", "(404", "=404", ":404", "NotFound")
        {
            Pattern = @"/blobs/uploads.*(\b404\b|'notfound')|container10(01|05).*'notfound'",
        },
        new(FailureKind.ImageNotFound, " 404", "(404", "=404", ":404", "not found")
        {
            Pattern =
                @"/manifests/.*\b404\b|failed to (resolve|load|fetch).*(reference|source metadata|manifest).*: not found|(pull|resolve).*dkr[.-]ecr.*: not found",
        },
        new(FailureKind.BadRequestOpaque, " 400", "(400", "=400", ":400", "bad request", "BadRequest")
        {
            Pattern = $@"{Registry}.*(\b400\b|'?bad\s?request)|(\b400\b|bad request).*{Registry}",
        },
        // The API of ECR Public, asked for in the region of everything else.
        new(FailureKind.EndpointUnresolvable, "api.ecr-public.", "command is only supported in us-east-1")
        {
            Pattern =
                @"api\.ecr-public\.([a-tv-z]|us-(west|gov|iso|east-[02-9]))|command is only supported in us-east-1",
        },
        new(
            FailureKind.EndpointUnresolvable,
            "no such host",
            "could not resolve",
            "name resolution",
            "name or service not known",
            "ENOTFOUND",
            "EAI_AGAIN",
            "UnknownHostException",
            "UnknownEndpoint",
            "no such host is known",
            "server misbehaving",
            "nodename nor servname",
            "name does not resolve",
            "inaccessible host"
        )
        {
            Pattern = $@"{Aws}",
        },
        new(
            FailureKind.Network,
            "CONTAINER1017",
            "could not connect to the endpoint url",
            "connect timeout on endpoint",
            "read timeout on endpoint",
            "RequestError: send request failed",
            "proxyconnect tcp",
            "ssl validation failed"
        ),
        new(
            FailureKind.Network,
            "dial tcp",
            "i/o timeout",
            "connection refused",
            "connection reset",
            "tls handshake timeout",
            "x509:",
            "broken pipe",
            "deadline exceeded",
            "client.timeout",
            "request canceled while waiting",
            "http response to https client",
            "use of closed network connection",
            "unexpected http status: 5",
            "500 internal server error",
            "502 bad gateway",
            "503 service unavailable",
            "504 gateway",
            "unable to communicate",
            "HttpRequestException",
            "ECONNRESET",
            "ECONNREFUSED",
            "ETIMEDOUT",
            "ssl connection could not be established",
            "network is unreachable",
            "no route to host",
            "connection timed out"
        )
        {
            Pattern = $@"{Aws}|{Registry}",
        },
        new(FailureKind.Eof, "EOF", "response ended prematurely")
        {
            Pattern =
                $@"(get|head|put|post|patch)\b.*\beof\b|{Registry}.*\beof\b|retrying in \d.{{0,20}} eof$|response ended prematurely",
        },
        new(FailureKind.ForbiddenOpaque, "denied: ", "access denied for", "access is denied")
        {
            Pattern =
                @"(^|: |""|\] )denied: |(pull|push) access denied|error from registry: denied|access is denied.*(registry|repository)",
        },
        // In an excerpt somebody pasted, the words alone suffice.
        new(
            FailureKind.ForbiddenOpaque,
            "403 forbidden",
            "403 (forbidden)",
            "status code 403",
            "status code: 403",
            "status 403",
            "access denied",
            "AccessDenied"
        )
        {
            OnlyInExcerpts = true,
        },
        new(
            FailureKind.Unauthenticated,
            "401 unauthorized",
            "401 (unauthorized)",
            "status code 401",
            "status code: 401",
            "unauthorized"
        )
        {
            OnlyInExcerpts = true,
        },
        new(FailureKind.BadRequestOpaque, "400 bad request", "400 (bad request)", "status code 400", "status code: 400")
        {
            OnlyInExcerpts = true,
        },
        new(
            FailureKind.EndpointUnresolvable,
            "no such host",
            "could not resolve host",
            "name or service not known",
            "temporary failure in name resolution"
        )
        {
            OnlyInExcerpts = true,
        },
        new(
            FailureKind.Network,
            "i/o timeout",
            "connection refused",
            "connection reset by peer",
            "tls handshake timeout",
            "x509:",
            "context deadline exceeded",
            "broken pipe",
            "unexpected http status: 5"
        )
        {
            OnlyInExcerpts = true,
        },
        new(FailureKind.Eof, "EOF") { Pattern = @"(^|\s|"")(unexpected )?eof\W*$", OnlyInExcerpts = true },
    ];
}
