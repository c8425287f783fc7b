using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.NativeHttp;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Failures.Reading;

namespace EcrBuildTasks.Push.Engine;

/// <summary>Connects to an engine and classifies its failures.</summary>
internal static class EngineConnection
{
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);

    /// <exception cref="PushException">No endpoint responds.</exception>
    public static async Task<(DockerClient Client, EngineEndpoint Endpoint)> OpenAsync(
        IReadOnlyList<EngineEndpoint> endpoints,
        CancellationToken cancellationToken
    )
    {
        var failures = new StringBuilder("No Docker Engine is reachable.");
        foreach (var endpoint in endpoints)
        {
            DockerClient? client = null;
            try
            {
                client = Connect(endpoint);
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                deadline.CancelAfter(PingTimeout);
                await client.System.PingAsync(deadline.Token);
                return (client, endpoint);
            }
            // If this endpoint fails, the next one can still respond.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                client?.Dispose();
                failures.AppendLine().Append($"  {endpoint}: {Reason(e, endpoint)}");
            }
        }

        throw new PushException(EcrCode.EngineUnavailable, failures.ToString());
    }

    /// <summary>Whether an exception means that the connection to the engine was lost.</summary>
    public static bool IsLost(Exception exception) =>
        exception
            is HttpRequestException
                or IOException
                or SocketException
                or TimeoutException
                or OperationCanceledException;

    /// <summary>The message in an error response of the engine; of any other response, which can be anything, only its status.</summary>
    public static string MessageOf(DockerApiException exception)
    {
        try
        {
            using var json = JsonDocument.Parse(exception.ResponseBody ?? "");
            return json.RootElement.GetProperty("message").GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return $"the engine returned {(int)exception.StatusCode} without a message";
        }
    }

    public static PushException Failure(DockerApiException exception, string what)
    {
        var message = MessageOf(exception);
        return new PushException(
            exception.StatusCode == HttpStatusCode.NotFound ? EcrCode.SourceImageMissing : CodeOf(message),
            $"{what} ({(int)exception.StatusCode}): {message}",
            message,
            exception
        );
    }

    /// <summary>The code of an error of the engine.</summary>
    public static EcrCode CodeOf(string error) => FailureText.CodeOfAnswer(error, out _) ?? EcrCode.EngineFailed;

    public static PushException Unreadable(EngineEndpoint endpoint, JsonException cause) =>
        new(
            EcrCode.EngineFailed,
            $"The server at {endpoint} did not respond as a Docker Engine does.",
            innerException: cause
        );

    private static DockerClient Connect(EngineEndpoint endpoint)
    {
        if (endpoint.Address.Scheme == "unix" && !File.Exists(endpoint.Address.AbsolutePath))
        {
            throw new FileNotFoundException("the socket does not exist");
        }

        // The client would wait for the pipe until the time is over.
        if (
            endpoint.Address is { Scheme: "npipe", Host: "." }
            && OperatingSystem.IsWindows()
            && !IsPipe(endpoint.Address)
        )
        {
            throw new FileNotFoundException("the pipe does not exist");
        }

        var client = new DockerClientBuilder().WithEndpoint(endpoint.Address).WithAuthProvider(endpoint.Tls);
        return endpoint.Address.Scheme is "tcp" or "http" or "https"
            // Supports certificate verification and disables redirects, because the password is in a header.
            ? client
                .WithTransportOptions(
                    new NativeHttpTransportOptions { ConfigureHandler = handler => handler.AllowAutoRedirect = false }
                )
                .Build()
            : client.Build();
    }

    [SupportedOSPlatform("windows")]
    private static bool IsPipe(Uri address)
    {
        const int FileNotFound = 2;
        var path = $@"\\.{address.AbsolutePath.Replace('/', '\\')}";
        return WaitForPipe(path, milliseconds: 1) || Marshal.GetLastPInvokeError() != FileNotFound;
    }

    [DllImport("kernel32", EntryPoint = "WaitNamedPipeW", CharSet = CharSet.Unicode, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool WaitForPipe(string path, int milliseconds);

    private static string Reason(Exception exception, EngineEndpoint endpoint) =>
        exception switch
        {
            OperationCanceledException => $"no response within {PingTimeout.TotalSeconds} s",
            _ when exception.GetBaseException() is PushException known => known.Message,
            HttpRequestException { InnerException: AuthenticationException or IOException }
                when endpoint.Tls is { } tls =>
                $"the TLS connection failed: {exception.GetBaseException().Message.TrimEnd('.')}."
                    + (
                        tls.HasClientCertificate
                            ? ""
                            : $" If the engine requires a client certificate, put cert.pem and key.pem in {tls.Folder}."
                    ),
            _ => exception.GetBaseException().Message,
        };
}
