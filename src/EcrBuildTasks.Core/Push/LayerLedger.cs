namespace EcrBuildTasks.Push;

/// <summary>The status of each layer, over all tags of a push; reports what is relevant to the user.</summary>
internal sealed class LayerLedger(IProgress<PushProgress> progress, TimeProvider timeProvider)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _turn = new();
    private readonly Dictionary<string, Layer> _layers = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    public IReadOnlyList<PushedLayer> Layers
    {
        get
        {
            lock (_turn)
            {
                return [.. _order.Select(id => new PushedLayer(id, _layers[id].Status, _layers[id].Sent))];
            }
        }
    }

    /// <summary>A layer has to be sent again.</summary>
    public void Record(string tag, string layerId, string trouble)
    {
        lock (_turn)
        {
            var layer = _layers.GetValueOrDefault(layerId);
            progress.Report(
                new PushProgress(tag, layerId, LayerStatus.Pushing, layer?.Sent ?? 0, layer?.Total ?? 0)
                {
                    Trouble = trouble,
                }
            );
        }
    }

    public void Record(string tag, string layerId, LayerStatus status, long current, long total)
    {
        lock (_turn)
        {
            RecordInTurn(tag, layerId, status, current, total);
        }
    }

    private void RecordInTurn(string tag, string layerId, LayerStatus status, long current, long total)
    {
        if (!_layers.TryGetValue(layerId, out var layer))
        {
            _layers[layerId] = layer = new Layer();
            _order.Add(layerId);
        }

        var isNews = layer.Tag != tag || layer.Status != status;
        if (layer.Tag is not null && layer.Tag != tag && status != LayerStatus.Pushing && status != LayerStatus.Pushed)
        {
            // The registry has it because an earlier tag of this push sent it; that it was sent remains what became of it.
            return;
        }

        layer.Tag = tag;
        layer.Status = status;
        layer.Total = Math.Max(layer.Total, total);
        // The engine counts the padding of its tar stream too, and so a little beyond the total.
        layer.Sent = Math.Max(layer.Sent, layer.Total > 0 ? Math.Min(current, layer.Total) : current);
        if (isNews || timeProvider.GetElapsedTime(layer.LastReport) >= Interval)
        {
            layer.LastReport = timeProvider.GetTimestamp();
            progress.Report(new PushProgress(tag, layerId, status, layer.Sent, layer.Total));
        }
    }

    private sealed class Layer
    {
        public string? Tag { get; set; }

        public LayerStatus Status { get; set; }

        public long Sent { get; set; }

        public long Total { get; set; }

        public long LastReport { get; set; }
    }
}
