using Contracts;

namespace Telemetry;

/// <summary>Writes one line for each action of a service.</summary>
public static class Journal
{
    public static string Line(string service, Order order) => $"{service}: order {order.Number}, {order.Product}";
}
