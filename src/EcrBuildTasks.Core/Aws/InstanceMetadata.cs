using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.Util;

namespace EcrBuildTasks.Aws;

/// <summary>
/// The EC2 instance's credentials and region. The SDK retries for 15 seconds and more where there is no instance metadata;
/// a build must not wait for that, so it is first asked whether anyone listens.
/// </summary>
internal static class InstanceMetadata
{
    private static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(5);

    public static AWSCredentials? FindCredentials(CancellationToken cancellationToken) =>
        Ask<AWSCredentials>(
            () =>
            {
                var credentials = new InstanceProfileAWSCredentials();
                credentials.GetCredentials();
                return credentials;
            },
            cancellationToken
        );

    public static string? FindRegion(CancellationToken cancellationToken) =>
        Ask(() => EC2InstanceMetadata.Region?.SystemName, cancellationToken);

    private static T? Ask<T>(Func<T?> question, CancellationToken cancellationToken)
        where T : class
    {
        if (!EC2InstanceMetadata.IsIMDSEnabled || !Listens(cancellationToken))
        {
            return null;
        }

        var answer = Task.Run(question, cancellationToken);
        try
        {
            return answer.WaitAsync(ToAnswer, cancellationToken).GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return null;
        }
    }

    private static bool Listens(CancellationToken cancellationToken)
    {
        var endpoint = new Uri(EC2InstanceMetadata.ServiceEndpoint);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ToConnect);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.ConnectAsync(endpoint.IdnHost, endpoint.Port, limit.Token).AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}
